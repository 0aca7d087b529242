import { randomUUID } from 'node:crypto';
import {
  Order,
  OrderEventKind as Kind,
  OrderState,
  PlaceOrderMetadata,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import { Code } from '@trivium/rpc';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { basket, useShop } from './shop-fixture.ts';

const fixture = useShop({ env: { STAGE_MS: '40' } });
const order = (more: object = {}) => ({
  requestId: randomUUID(),
  accountId: 'ada',
  carrierId: 'postal',
  ...basket,
  ...more,
});
const orderIdOf = (operation: { metadata?: { value: Uint8Array } }) =>
  PlaceOrderMetadata.decode(operation.metadata?.value ?? new Uint8Array()).orderId;
const watch = (orderId: string, afterSequence = 0n) =>
  fixture.clients.checkout.watchOrder({ orderId, afterSequence });
const stockOf = async (sku: string) =>
  (await fixture.clients.inventory.getStock({ skus: [sku] })).levels[0];

it('goes from placed to delivered, watched event by event', async () => {
  const { checkout, operations, payments, fulfillment } = fixture.clients;
  const before = await stockOf('MUG-STONE-01');
  const operation = await checkout.placeOrder(order());
  const orderId = orderIdOf(operation);
  expect(operation.name).toBe(`operations/${orderId}`);

  const events = await lastValueFrom(watch(orderId).pipe(toArray()));
  expect(events.map(({ event }) => event?.sequence)).toEqual(
    events.map((_, index) => BigInt(index + 1)),
  );
  expect(events.map(({ event }) => event?.kind)).toEqual([
    Kind.ORDER_EVENT_KIND_PLACED,
    Kind.ORDER_EVENT_KIND_PRICED,
    Kind.ORDER_EVENT_KIND_STOCK_RESERVED,
    Kind.ORDER_EVENT_KIND_PAYMENT_AUTHORIZED,
    Kind.ORDER_EVENT_KIND_PICKED,
    Kind.ORDER_EVENT_KIND_PACKED,
    Kind.ORDER_EVENT_KIND_HANDED_OVER,
    Kind.ORDER_EVENT_KIND_DELIVERED,
    Kind.ORDER_EVENT_KIND_STOCK_COMMITTED,
    Kind.ORDER_EVENT_KIND_PAYMENT_CAPTURED,
    Kind.ORDER_EVENT_KIND_COMPLETED,
  ]);

  const { order: placed } = await checkout.getOrder({ orderId });
  expect(placed?.state).toBe(OrderState.ORDER_STATE_COMPLETED);
  expect(placed?.trackingNumber).not.toBe('');
  const { payment } = await payments.getPayment({ paymentId: orderId });
  expect(payment?.state).toBe(PaymentState.PAYMENT_STATE_CAPTURED);
  expect(payment?.amount).toEqual(placed?.total);
  expect((await stockOf('MUG-STONE-01'))?.shipped).toBe((before?.shipped ?? 0n) + 2n);
  const { shipment } = await fulfillment.getShipment({ orderId });
  expect(shipment?.trackingNumber).toBe(placed?.trackingNumber);

  const done = await operations.getOperation({ name: operation.name });
  expect(done.done).toBe(true);
  expect(PlaceOrderMetadata.decode(done.metadata!.value).order?.state).toBe(
    OrderState.ORDER_STATE_COMPLETED,
  );
  expect(done.result?.$case).toBe('response');
  const response = done.result?.$case === 'response' ? done.result.value : undefined;
  expect(Order.decode(response?.value ?? new Uint8Array()).orderId).toBe(orderId);
});

it('can be watched again from any sequence on, without gap or repeat', async () => {
  const { checkout } = fixture.clients;
  const orderId = orderIdOf(await checkout.placeOrder(order()));
  const first = await lastValueFrom(watch(orderId).pipe(take(3), toArray()));
  const cursor = first.at(-1)?.event?.sequence ?? 0n;
  const rest = await lastValueFrom(watch(orderId, cursor).pipe(toArray()));
  const sequences = [...first, ...rest].map(({ event }) => event?.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => BigInt(index + 1)));
  expect(rest.at(-1)?.event?.kind).toBe(Kind.ORDER_EVENT_KIND_COMPLETED);
});

it('is placed once for one request id, however often it is asked', async () => {
  const { checkout } = fixture.clients;
  const request = order();
  const operations = await Promise.all(
    Array.from({ length: 50 }, () => checkout.placeOrder(request)),
  );
  expect(new Set(operations.map(({ name }) => name)).size).toBe(1);
  const other = { ...request, lines: [{ sku: 'MUG-STONE-01', quantity: 3 }] };
  await expect(checkout.placeOrder(other)).rejects.toMatchObject({ code: Code.ALREADY_EXISTS });
  await lastValueFrom(watch(orderIdOf(operations[0] ?? {})));
});

it('gives the reservation back when the payment is refused', async () => {
  const { checkout, operations } = fixture.clients;
  const before = await stockOf('TENT-RIDGE-02');
  const request = order({ accountId: 'linus', lines: [{ sku: 'TENT-RIDGE-02', quantity: 1 }] });
  const operation = await checkout.placeOrder(request);
  const orderId = orderIdOf(operation);
  const events = await lastValueFrom(watch(orderId).pipe(toArray()));
  expect(events.map(({ event }) => event?.kind)).toEqual([
    Kind.ORDER_EVENT_KIND_PLACED,
    Kind.ORDER_EVENT_KIND_PRICED,
    Kind.ORDER_EVENT_KIND_STOCK_RESERVED,
    Kind.ORDER_EVENT_KIND_STEP_FAILED,
    Kind.ORDER_EVENT_KIND_STOCK_RELEASED,
    Kind.ORDER_EVENT_KIND_FAILED,
  ]);
  expect(await stockOf('TENT-RIDGE-02')).toEqual(before);
  const done = await operations.getOperation({ name: operation.name });
  expect(done.result).toMatchObject({
    $case: 'error',
    value: { code: Code.FAILED_PRECONDITION, message: expect.stringMatching(/linus/) },
  });
  expect(PlaceOrderMetadata.decode(done.metadata!.value).order?.state).toBe(
    OrderState.ORDER_STATE_FAILED,
  );
  const { order: failed } = await checkout.getOrder({ orderId });
  expect(failed?.state).toBe(OrderState.ORDER_STATE_FAILED);
});

it('can be cancelled before its parcel is under way, and leaves nothing behind', async () => {
  const { checkout, operations, payments } = fixture.clients;
  const before = await stockOf('PAN-IRON-28');
  const request = order({ lines: [{ sku: 'PAN-IRON-28', quantity: 1 }] });
  const operation = await checkout.placeOrder(request);
  await operations.cancelOperation({ name: operation.name });
  const orderId = orderIdOf(operation);
  const last = await lastValueFrom(watch(orderId));
  // Best effort: an order whose parcel was under way by then is delivered.
  if (last.event?.kind === Kind.ORDER_EVENT_KIND_CANCELLED) {
    expect(await stockOf('PAN-IRON-28')).toEqual(before);
    const payment = await payments.getPayment({ paymentId: orderId }).catch(() => undefined);
    expect([undefined, PaymentState.PAYMENT_STATE_VOIDED]).toContain(payment?.payment?.state);
  } else {
    expect(last.event?.kind).toBe(Kind.ORDER_EVENT_KIND_COMPLETED);
  }
});

it('goes on when nobody watches', async () => {
  const { checkout, operations } = fixture.clients;
  const operation = await checkout.placeOrder(order());
  await firstValueFrom(watch(orderIdOf(operation)));
  const done = await operations.waitOperation({
    name: operation.name,
    timeout: { seconds: 10n, nanos: 0 },
  });
  expect(done.done).toBe(true);
});
