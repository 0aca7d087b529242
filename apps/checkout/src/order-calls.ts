import { Order, type PlaceOrderRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { ShipmentEvent } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, RpcError } from '@trivium/rpc';
import { firstValueFrom } from 'rxjs';
import type { Backends } from './backends.ts';
import { packParcel } from './parcel.ts';
import { persist } from './persist.ts';
import { addUp, priceLines } from './prices.ts';

/** An order's pieces are held until it has ended, however long its parcel takes within this time. */
const reservationTtl = { seconds: 86_400n, nanos: 0 };

/** What an order asks of the services, each call keyed by the order and made until its outcome is known. */
export interface OrderCalls {
  /** The order's lines, shipping and total, and nothing else of it. */
  price(signal: AbortSignal): Promise<Order>;
  reserve(signal: AbortSignal): Promise<unknown>;
  release(signal: AbortSignal): Promise<unknown>;
  commit(signal: AbortSignal): Promise<unknown>;
  authorize(order: Order, signal: AbortSignal): Promise<unknown>;
  void(signal: AbortSignal): Promise<unknown>;
  capture(signal: AbortSignal): Promise<unknown>;
  /** The event of the order's shipment with this number, as soon as it has happened. */
  shipmentEvent(sequence: number, signal: AbortSignal): Promise<ShipmentEvent>;
  trackingNumber(signal: AbortSignal): Promise<string>;
}

/** Prepares the calls of one order. `patienceMs` is how long a call is tried while its service is away. */
export function createOrderCalls(
  { catalog, inventory, payments, fulfillment, ratesOf }: Backends,
  {
    orderId,
    request,
    patienceMs,
  }: { orderId: string; request: PlaceOrderRequest; patienceMs: number },
): OrderCalls {
  const { lines, destination, carrierId, accountId } = request;
  const timeoutMs = patienceMs;
  // What undoes is never given up: somebody's pieces and money would stay held.
  const forEver = Infinity;
  return {
    async price(signal) {
      const skus = lines.map(({ sku }) => sku);
      const { products } = await persist((options) => catalog.batchGetProducts({ skus }, options), {
        timeoutMs,
        signal,
      });
      const parcel = packParcel(lines, products);
      const { rate } = await persist(
        (options) => ratesOf(carrierId).quoteRate({ carrierId, parcel, destination }, options),
        { timeoutMs, signal },
      );
      if (!rate?.price) throw new RpcError(Code.INTERNAL, 'The carrier answered without a price');
      const priced = priceLines(lines, products);
      const total = addUp([...priced.map((line) => line.total), rate.price]);
      return Order.fromPartial({ lines: priced, shipping: rate.price, total });
    },
    reserve: (signal) =>
      persist(
        (options) =>
          inventory.reserve({ reservationId: orderId, lines, ttl: reservationTtl }, options),
        { timeoutMs, signal },
      ),
    release: (signal) =>
      persist((options) => inventory.release({ reservationId: orderId }, options), {
        timeoutMs: forEver,
        signal,
      }),
    commit: (signal) =>
      persist((options) => inventory.commit({ reservationId: orderId }, options), {
        timeoutMs: forEver,
        signal,
      }),
    authorize: ({ total }, signal) =>
      persist(
        (options) => payments.authorize({ paymentId: orderId, accountId, amount: total }, options),
        { timeoutMs, signal },
      ),
    void: (signal) =>
      persist((options) => payments.void({ paymentId: orderId }, options), {
        timeoutMs: forEver,
        signal,
      }),
    capture: (signal) =>
      persist((options) => payments.capture({ paymentId: orderId }, options), {
        timeoutMs: forEver,
        signal,
      }),
    shipmentEvent: (sequence, signal) =>
      persist(
        // A parcel takes as long as it takes: the stream has no deadline, only the caller's signal.
        async (options) => {
          const { event } = await firstValueFrom(
            fulfillment.fulfill(
              { orderId, lines, destination, carrierId, afterSequence: BigInt(sequence - 1) },
              options.signal ? { signal: options.signal } : {},
            ),
          );
          if (event?.sequence === BigInt(sequence)) return event;
          throw new RpcError(Code.INTERNAL, `Fulfillment left out event ${sequence}`);
        },
        { timeoutMs: forEver, signal },
      ),
    async trackingNumber(signal) {
      const { shipment } = await persist(
        (options) => fulfillment.getShipment({ orderId }, options),
        { timeoutMs: forEver, signal },
      );
      return shipment?.trackingNumber ?? '';
    },
  };
}
