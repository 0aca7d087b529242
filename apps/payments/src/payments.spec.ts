import { ledgerImbalance } from './ledger-imbalance.ts';
import {
  CurrencyMismatch,
  InsufficientFunds,
  NotACustomer,
  PaymentIdReused,
  RefundIdReused,
  RefundTooLarge,
  UnknownAccount,
  UnknownPayment,
  WrongPaymentState,
} from './refusals.ts';
import { eur, nowMs, openTemporaryPayments } from './spec/temporary-payments.ts';
import type { TemporaryPayments } from './spec/temporary-payments.ts';

const ada = { paymentId: 'p1', accountId: 'ada', amount: eur(30_00n) };

function availableAndHeld({ payments }: TemporaryPayments, accountId = 'ada') {
  const { available, held } = payments.balance(accountId);
  return [available.amountMinor, held.amountMinor];
}

it('sets money aside when a payment is authorized', async () => {
  await using shop = await openTemporaryPayments();
  expect(await shop.payments.authorize(ada)).toEqual({
    ...ada,
    state: 'AUTHORIZED',
    refundedMinor: 0n,
    createTimeMs: nowMs,
  });
  expect(availableAndHeld(shop)).toEqual([4970_00n, 30_00n]);
  expect(availableAndHeld(shop, 'shop')).toEqual([0n, 0n]);
});

it('gives the shop what was set aside when a payment is captured', async () => {
  await using shop = await openTemporaryPayments();
  await shop.payments.authorize(ada);
  expect((await shop.payments.capture('p1')).state).toBe('CAPTURED');
  expect(availableAndHeld(shop)).toEqual([4970_00n, 0n]);
  expect(availableAndHeld(shop, 'shop')).toEqual([30_00n, 0n]);
});

it('gives the customer what was set aside when a payment is voided', async () => {
  await using shop = await openTemporaryPayments();
  await shop.payments.authorize(ada);
  expect((await shop.payments.void('p1')).state).toBe('VOIDED');
  expect(availableAndHeld(shop)).toEqual([5000_00n, 0n]);
});

it('gives money back in parts until all of it is refunded', async () => {
  await using shop = await openTemporaryPayments();
  await shop.payments.authorize(ada);
  await shop.payments.capture('p1');
  const part = { paymentId: 'p1', refundId: 'r1', amount: eur(10_00n) };
  expect(await shop.payments.refund(part)).toMatchObject({
    state: 'CAPTURED',
    refundedMinor: 10_00n,
  });
  expect(availableAndHeld(shop)).toEqual([4980_00n, 0n]);
  const rest = { paymentId: 'p1', refundId: 'r2', amount: eur(20_00n) };
  expect(await shop.payments.refund(rest)).toMatchObject({
    state: 'REFUNDED',
    refundedMinor: 30_00n,
  });
  expect(availableAndHeld(shop)).toEqual([5000_00n, 0n]);
  expect(availableAndHeld(shop, 'shop')).toEqual([0n, 0n]);
});

it('pays the shop in each currency into an account of its own', async () => {
  await using shop = await openTemporaryPayments();
  const amount = { amountMinor: 12_00n, currency: 'USD' };
  await shop.payments.authorize({ paymentId: 'p1', accountId: 'tim', amount });
  await shop.payments.capture('p1');
  expect(shop.payments.balance('shop-usd').available).toEqual(amount);
  expect(shop.payments.balance('shop').available).toEqual(eur(0n));
});

it('lets an account spend its last cent and not one more', async () => {
  await using shop = await openTemporaryPayments();
  const all = { paymentId: 'all', accountId: 'linus', amount: eur(20_00n) };
  const more = shop.payments.authorize({ ...all, paymentId: 'more', amount: eur(20_01n) });
  await expect(more).rejects.toBeInstanceOf(InsufficientFunds);
  await expect(more).rejects.toMatchObject({ wanted: eur(20_01n), available: eur(20_00n) });
  await shop.payments.authorize(all);
  await expect(
    shop.payments.authorize({ ...all, paymentId: 'cent', amount: eur(1n) }),
  ).rejects.toBeInstanceOf(InsufficientFunds);
  expect(availableAndHeld(shop, 'linus')).toEqual([0n, 20_00n]);
});

it('refuses amounts that no account could ever have', async () => {
  await using shop = await openTemporaryPayments();
  const amount = eur(2n ** 63n - 1n);
  await expect(shop.payments.authorize({ ...ada, amount })).rejects.toBeInstanceOf(
    InsufficientFunds,
  );
  await shop.payments.authorize(ada);
  await expect(shop.payments.authorize({ ...ada, amount })).rejects.toBeInstanceOf(PaymentIdReused);
  await shop.payments.capture('p1');
  await expect(
    shop.payments.refund({ paymentId: 'p1', refundId: 'r1', amount }),
  ).rejects.toBeInstanceOf(RefundTooLarge);
});

it.each([0n, -1n])('moves no amount of %s', async (amountMinor) => {
  await using shop = await openTemporaryPayments();
  const amount = eur(amountMinor);
  await expect(shop.payments.authorize({ ...ada, amount })).rejects.toThrow('CHECK');
  expect(() => shop.payments.payment('p1')).toThrow(UnknownPayment);
  await shop.payments.authorize(ada);
  await shop.payments.capture('p1');
  await expect(shop.payments.refund({ paymentId: 'p1', refundId: 'r1', amount })).rejects.toThrow(
    'CHECK',
  );
  expect(availableAndHeld(shop)).toEqual([4970_00n, 0n]);
});

it('refuses another currency than the account has', async () => {
  await using shop = await openTemporaryPayments();
  const amount = { amountMinor: 30_00n, currency: 'USD' };
  await expect(shop.payments.authorize({ ...ada, amount })).rejects.toBeInstanceOf(
    CurrencyMismatch,
  );
  await shop.payments.authorize(ada);
  await shop.payments.capture('p1');
  await expect(
    shop.payments.refund({ paymentId: 'p1', refundId: 'r1', amount }),
  ).rejects.toBeInstanceOf(CurrencyMismatch);
});

it('lets customers pay, and nobody else', async () => {
  await using shop = await openTemporaryPayments();
  const from = (accountId: string) => shop.payments.authorize({ ...ada, accountId });
  await expect(from('nobody')).rejects.toBeInstanceOf(UnknownAccount);
  await expect(from('equity-eur')).rejects.toBeInstanceOf(UnknownAccount);
  await expect(from('shop')).rejects.toBeInstanceOf(NotACustomer);
});

it('shows the balances of customers and the shop, and nobody else', async () => {
  await using shop = await openTemporaryPayments();
  expect(availableAndHeld(shop, 'bank')).toEqual([10_000_000_00n, 0n]);
  for (const accountId of ['nobody', 'holds:ada', 'equity-eur']) {
    expect(() => shop.payments.balance(accountId)).toThrow(UnknownAccount);
  }
});

it('returns the payment as it is now for the same body under the same id', async () => {
  await using shop = await openTemporaryPayments();
  const authorized = await shop.payments.authorize(ada);
  expect(await shop.payments.authorize(ada)).toEqual(authorized);
  const captured = await shop.payments.capture('p1');
  expect(await shop.payments.capture('p1')).toEqual(captured);
  expect(await shop.payments.authorize(ada)).toEqual(captured);
  const refund = { paymentId: 'p1', refundId: 'r1', amount: eur(30_00n) };
  const refunded = await shop.payments.refund(refund);
  expect(await shop.payments.refund(refund)).toEqual(refunded);
  expect(await shop.payments.capture('p1')).toEqual(refunded);
  expect(shop.payments.payment('p1')).toEqual(refunded);
  expect(availableAndHeld(shop)).toEqual([5000_00n, 0n]);
});

it('refuses another body under the id of a payment, and changes nothing', async () => {
  await using shop = await openTemporaryPayments();
  const authorized = await shop.payments.authorize(ada);
  const others = [
    { ...ada, accountId: 'grace' },
    { ...ada, amount: eur(30_01n) },
    { ...ada, amount: { ...ada.amount, currency: 'USD' } },
  ];
  for (const other of others) {
    await expect(shop.payments.authorize(other)).rejects.toBeInstanceOf(PaymentIdReused);
  }
  expect(shop.payments.payment('p1')).toEqual(authorized);
  expect(availableAndHeld(shop)).toEqual([4970_00n, 30_00n]);
  expect(availableAndHeld(shop, 'grace')).toEqual([1200_00n, 0n]);
});

it('refuses another body under the id of a refund, whichever payment it names', async () => {
  await using shop = await openTemporaryPayments();
  for (const paymentId of ['p1', 'p2']) {
    await shop.payments.authorize({ ...ada, paymentId });
    await shop.payments.capture(paymentId);
  }
  const refund = { paymentId: 'p1', refundId: 'r1', amount: eur(10_00n) };
  await shop.payments.refund(refund);
  const others = [
    { ...refund, paymentId: 'p2' },
    { ...refund, paymentId: 'none' },
    { ...refund, amount: eur(11_00n) },
    { ...refund, amount: { ...refund.amount, currency: 'USD' } },
  ];
  for (const other of others) {
    await expect(shop.payments.refund(other)).rejects.toBeInstanceOf(RefundIdReused);
  }
  expect(availableAndHeld(shop, 'shop')).toEqual([50_00n, 0n]);
});

it('goes from one state to another only along its machine', async () => {
  await using shop = await openTemporaryPayments();
  const { payments } = shop;
  const refund = (paymentId: string) =>
    payments.refund({ paymentId, refundId: `refund of ${paymentId}`, amount: eur(1n) });
  await payments.authorize(ada);
  await expect(refund('p1')).rejects.toBeInstanceOf(WrongPaymentState);
  await payments.void('p1');
  await expect(payments.capture('p1')).rejects.toBeInstanceOf(WrongPaymentState);
  await expect(refund('p1')).rejects.toBeInstanceOf(WrongPaymentState);
  expect((await payments.void('p1')).state).toBe('VOIDED');
  await payments.authorize({ ...ada, paymentId: 'p2' });
  await payments.capture('p2');
  await expect(payments.void('p2')).rejects.toBeInstanceOf(WrongPaymentState);
  expect(availableAndHeld(shop)).toEqual([4970_00n, 0n]);
});

it('gives back no more than what is left', async () => {
  await using shop = await openTemporaryPayments();
  const refund = (refundId: string, amountMinor: bigint) =>
    shop.payments.refund({ paymentId: 'p1', refundId, amount: eur(amountMinor) });
  await shop.payments.authorize(ada);
  await shop.payments.capture('p1');
  await expect(refund('r1', 30_01n)).rejects.toBeInstanceOf(RefundTooLarge);
  await refund('r2', 25_00n);
  await expect(refund('r3', 5_01n)).rejects.toMatchObject({ left: eur(5_00n) });
  await refund('r4', 5_00n);
  await expect(refund('r5', 1n)).rejects.toMatchObject({ left: eur(0n) });
  expect(availableAndHeld(shop)).toEqual([5000_00n, 0n]);
});

it('does not know a payment that was never authorized', async () => {
  await using shop = await openTemporaryPayments();
  const { payments } = shop;
  await expect(payments.capture('none')).rejects.toBeInstanceOf(UnknownPayment);
  await expect(payments.void('none')).rejects.toBeInstanceOf(UnknownPayment);
  await expect(
    payments.refund({ paymentId: 'none', refundId: 'r1', amount: eur(1n) }),
  ).rejects.toBeInstanceOf(UnknownPayment);
  expect(() => payments.payment('none')).toThrow(UnknownPayment);
});

it('finds the books sound after all of that', async () => {
  await using shop = await openTemporaryPayments();
  const { payments } = shop;
  await payments.authorize(ada);
  await payments.authorize({ ...ada, paymentId: 'p2' });
  await payments.void('p2');
  await payments.capture('p1');
  await payments.refund({ paymentId: 'p1', refundId: 'r1', amount: eur(3_33n) });
  expect(shop.db.read(ledgerImbalance)).toEqual({ transactions: [], accounts: [] });
});
