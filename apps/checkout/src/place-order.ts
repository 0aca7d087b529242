import type { Work } from '@trivium/async';
import { Order, PlaceOrderRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import { plan } from '@trivium/parallel';
import { packAny } from '@trivium/rpc';
import type { Backends } from './backends.ts';
import { type OrderCalls, createOrderCalls } from './order-calls.ts';
import { runOrder } from './order-run.ts';
import { placedOrder } from './order-state.ts';
import { undoneBy } from './undone-by.ts';

/**
 * An order: fix the price, hold the pieces, set the money aside, have the parcel carried, then book
 * out and take the money. Whatever fails undoes what was done, in reverse.
 */
export const orderPlan = plan<OrderCalls>()
  .step('price', ({ input, signal }) => input.price(signal))
  .step(
    'reserve',
    ['price'],
    ({ input, signal }) => input.reserve(signal),
    undoneBy(({ input, signal }) => input.release(signal)),
  )
  .step(
    'authorize',
    ['price', 'reserve'],
    ({ input, price, signal }) => input.authorize(price, signal),
    undoneBy(({ input, signal }) => input.void(signal)),
  )
  // Recorded before fulfillment hears of the order: from here on a cancellation comes too late.
  .step('dispatch', ['authorize'], () => undefined)
  .step('picked', ['dispatch'], ({ input, signal }) => input.shipmentEvent(2, signal))
  .step('packed', ['picked'], ({ input, signal }) => input.shipmentEvent(3, signal))
  .step('handed-over', ['packed'], async ({ input, signal }) => {
    await input.shipmentEvent(4, signal);
    return Order.fromPartial({ trackingNumber: await input.trackingNumber(signal) });
  })
  .step('delivered', ['handed-over'], ({ input, signal }) => input.shipmentEvent(5, signal))
  .step('commit', ['delivered'], ({ input, signal }) => input.commit(signal))
  .step('capture', ['commit'], ({ input, signal }) => input.capture(signal));

/**
 * The work of an order: its plan, run durably. The calls are keyed by the order, so that one whose
 * outcome was not recorded can be made again.
 */
export function createPlaceOrder(backends: Backends, { patienceMs }: { patienceMs: number }): Work {
  return async (operation) => {
    const { id: orderId, createTime } = operation;
    const request = PlaceOrderRequest.decode(operation.request);
    const calls = createOrderCalls(backends, { orderId, request, patienceMs });
    const placed = placedOrder(orderId, request, createTime);
    return packAny(Order, await runOrder(orderPlan, { operation, calls, placed }));
  };
}
