import { randomUUID } from 'node:crypto';
import {
  OrderEventKind as Kind,
  OrderState,
  PlaceOrderMetadata,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import { ReservationState } from '@trivium/contracts/shop/inventory/v1/inventory';
import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { basket, useShop } from './shop-fixture.ts';

const fixture = useShop({ env: { STAGE_MS: '150' } });
const after = { timeoutMs: 15_000, waitForReady: true };
const place = async () => {
  const request = { requestId: randomUUID(), accountId: 'ada', carrierId: 'postal', ...basket };
  const { metadata } = await fixture.clients.checkout.placeOrder(request, after);
  return PlaceOrderMetadata.decode(metadata?.value ?? new Uint8Array()).orderId;
};

it('keeps what inventory answered for', async () => {
  const { inventory } = fixture.clients;
  const request = { reservationId: randomUUID(), lines: [{ sku: 'MUG-STONE-02', quantity: 4 }] };
  const { reservation } = await inventory.reserve(request);
  await fixture.shop.restart('inventory');
  const again = await inventory.reserve(request, after);
  expect(again.reservation).toEqual(reservation);
  expect(again.reservation?.state).toBe(ReservationState.RESERVATION_STATE_HELD);
  const { levels } = await inventory.getStock({ skus: ['MUG-STONE-02'] });
  expect(levels[0]?.reserved).toBe(4n);
});

it('keeps what payments answered for', async () => {
  const { payments } = fixture.clients;
  const amount = { amountMinor: 1234n, currency: 'EUR' };
  const { payment } = await payments.authorize({
    paymentId: randomUUID(),
    accountId: 'ada',
    amount,
  });
  await fixture.shop.restart('payments');
  const { paymentId } = payment ?? { paymentId: '' };
  expect((await payments.getPayment({ paymentId }, after)).payment).toEqual(payment);
  const { payment: voided } = await payments.void({ paymentId });
  expect(voided?.state).toBe(PaymentState.PAYMENT_STATE_VOIDED);
});

it('finishes an order whose fulfillment is killed on the way', async () => {
  const { checkout } = fixture.clients;
  const orderId = await place();
  const picked = ({ event }: { event?: { kind: number } }) =>
    event?.kind === Kind.ORDER_EVENT_KIND_PICKED;
  await firstValueFrom(checkout.watchOrder({ orderId }).pipe(filter(picked)));
  await fixture.shop.restart('fulfillment');
  const events = await lastValueFrom(checkout.watchOrder({ orderId }).pipe(toArray()));
  expect(events.map(({ event }) => event?.sequence)).toEqual(
    events.map((_, index) => BigInt(index + 1)),
  );
  expect(events.filter(picked)).toHaveLength(1);
  expect(events.at(-1)?.event?.kind).toBe(Kind.ORDER_EVENT_KIND_COMPLETED);
});

it('finishes an order whose checkout is killed on the way, and keeps every event that was seen', async () => {
  const { checkout } = fixture.clients;
  const orderId = await place();
  const seen = await lastValueFrom(checkout.watchOrder({ orderId }).pipe(take(5), toArray()));
  await fixture.shop.restart('checkout');
  const events = await lastValueFrom(checkout.watchOrder({ orderId }, after).pipe(toArray()));
  expect(events.slice(0, seen.length)).toEqual(seen);
  expect(events.map(({ event }) => event?.sequence)).toEqual(
    events.map((_, index) => BigInt(index + 1)),
  );
  expect(events.at(-1)?.event?.kind).toBe(Kind.ORDER_EVENT_KIND_COMPLETED);
  const { order } = await checkout.getOrder({ orderId });
  expect(order?.state).toBe(OrderState.ORDER_STATE_COMPLETED);
  const { payment } = await fixture.clients.payments.getPayment({ paymentId: orderId });
  expect(payment?.state).toBe(PaymentState.PAYMENT_STATE_CAPTURED);
});

it('answers as before after catalog and shipping are killed', async () => {
  const { checkout } = fixture.clients;
  const before = await checkout.quote(basket);
  await fixture.shop.restart('catalog');
  await fixture.shop.restart('shipping');
  const again = await checkout.quote(basket, after);
  expect(again.subtotal).toEqual(before.subtotal);
});
