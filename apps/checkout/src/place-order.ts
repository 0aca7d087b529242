import type { Work } from '@trivium/async';
import {
  Order,
  OrderEventKind as Kind,
  OrderState as State,
  PlaceOrderRequest,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import { RpcError, packAny } from '@trivium/rpc';
import type { Backends } from './backends.ts';
import { type OrderCalls, createOrderCalls } from './order-calls.ts';
import { OrderProgress } from './order-progress.ts';
import { placedOrder } from './order-state.ts';

/**
 * The work of an order: reserve, authorize, fulfill, then commit and capture. Whatever fails undoes what was done, in
 * reverse. The calls are keyed by the order, so that one whose outcome was not recorded can be made again.
 */
export function createPlaceOrder(backends: Backends, { patienceMs }: { patienceMs: number }): Work {
  return async (operation) => {
    const { id: orderId } = operation;
    const request = PlaceOrderRequest.decode(operation.request);
    const calls = createOrderCalls(backends, { orderId, request, patienceMs });
    const progress = new OrderProgress(
      operation,
      placedOrder(orderId, request, operation.createTime),
    );
    try {
      await secure(progress, calls);
      await deliver(progress, calls);
      await settle(progress, calls);
    } catch (error) {
      await progress.undo(RpcError.from(error));
      throw error;
    }
    return packAny(Order, progress.order);
  };
}

/** Fixes the price, holds the pieces and sets the money aside. */
async function secure(progress: OrderProgress, calls: OrderCalls): Promise<void> {
  await progress.step('price', {
    type: Order,
    run: async (signal) => Order.fromPartial(await calls.price(signal)),
    event: [Kind.ORDER_EVENT_KIND_PRICED, 'Prices and shipping are fixed.'],
    change: (order, { lines, shipping, total }) => ({ ...order, lines, shipping, total }),
  });
  await progress.step('reserve', {
    run: (signal) => calls.reserve(signal),
    event: [Kind.ORDER_EVENT_KIND_STOCK_RESERVED, 'The pieces are held.'],
    change: (order) => ({ ...order, state: State.ORDER_STATE_RESERVED }),
    undo: () =>
      progress.undoStep('release', {
        run: (signal) => calls.release(signal),
        event: [Kind.ORDER_EVENT_KIND_STOCK_RELEASED, 'The pieces were given back.'],
      }),
  });
  await progress.step('authorize', {
    run: (signal) => calls.authorize(progress.order, signal),
    event: [Kind.ORDER_EVENT_KIND_PAYMENT_AUTHORIZED, 'The money is set aside.'],
    change: (order) => ({ ...order, state: State.ORDER_STATE_AUTHORIZED }),
    undo: () =>
      progress.undoStep('void', {
        run: (signal) => calls.void(signal),
        event: [Kind.ORDER_EVENT_KIND_PAYMENT_VOIDED, 'The money was given back.'],
      }),
  });
}

/** The events of a shipment that an order tells of, by their numbers there: 1 is its acceptance. */
const stages = [
  [2, 'picked', Kind.ORDER_EVENT_KIND_PICKED, 'The pieces were taken from the shelves.'],
  [3, 'packed', Kind.ORDER_EVENT_KIND_PACKED, 'The parcel is closed.'],
  [4, 'handed-over', Kind.ORDER_EVENT_KIND_HANDED_OVER, 'The carrier has it.'],
  [5, 'delivered', Kind.ORDER_EVENT_KIND_DELIVERED, 'The customer has it.'],
] as const;

/** Has the parcel picked, packed and carried. From here on a cancellation comes too late. */
async function deliver(progress: OrderProgress, calls: OrderCalls): Promise<void> {
  // Recorded before fulfillment hears of the order: another process must not decide otherwise.
  await progress.step('dispatch', {
    run: async () => undefined,
    change: (order) => ({ ...order, state: State.ORDER_STATE_FULFILLING }),
  });
  for (const [sequence, id, kind, description] of stages) {
    await progress.step(id, {
      type: Order,
      run: async (signal) => {
        await calls.shipmentEvent(sequence, signal);
        const trackingNumber = id === 'handed-over' ? await calls.trackingNumber(signal) : '';
        return Order.fromPartial({ trackingNumber });
      },
      event: [kind, description],
      change: (order, { trackingNumber }) =>
        trackingNumber ? { ...order, trackingNumber } : order,
      evenIfCancelled: true,
    });
  }
}

/** Books the pieces out and takes the money. */
async function settle(progress: OrderProgress, calls: OrderCalls): Promise<void> {
  await progress.step('commit', {
    run: (signal) => calls.commit(signal),
    event: [Kind.ORDER_EVENT_KIND_STOCK_COMMITTED, 'The pieces are booked out.'],
    evenIfCancelled: true,
  });
  await progress.step('capture', {
    run: (signal) => calls.capture(signal),
    event: [Kind.ORDER_EVENT_KIND_PAYMENT_CAPTURED, 'The money was taken.'],
    change: (order) => ({ ...order, state: State.ORDER_STATE_COMPLETED }),
    evenIfCancelled: true,
  });
}
