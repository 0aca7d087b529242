import { ledgerImbalance } from './ledger-imbalance.ts';
import { eur, openTemporaryPayments } from './spec/temporary-payments.ts';

/** Numbers from 0 to below a bound, the same ones in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const refusals = new Set([
  'InsufficientFunds',
  'PaymentIdReused',
  'RefundIdReused',
  'RefundTooLarge',
  'UnknownPayment',
  'WrongPaymentState',
]);

it('keeps the books through two thousand random calls and restarts', async () => {
  await using shop = await openTemporaryPayments();
  const random = createRandom(11);
  const settled: Promise<unknown>[] = [];
  for (let step = 0; step < 2000; step += 1) {
    const paymentId = `p${random(250)}`;
    const amount = eur(BigInt(1 + random(900)));
    const accountId = ['ada', 'grace', 'linus'][random(3)]!;
    const calls = [
      () => shop.payments.authorize({ paymentId, accountId, amount }),
      () => shop.payments.capture(paymentId),
      () => shop.payments.void(paymentId),
      () => shop.payments.refund({ paymentId, refundId: `r${random(250)}`, amount }),
    ];
    settled.push(calls[[0, 0, 1, 2, 3][random(5)]!]!().catch((error: unknown) => error));
    if (random(200) === 0) {
      await Promise.all(settled);
      await shop.restart();
    }
  }
  const outcomes = await Promise.all(settled);
  const errors = outcomes.filter((outcome) => outcome instanceof Error);
  expect(errors.filter(({ name }) => !refusals.has(name))).toEqual([]);
  expect(outcomes.length - errors.length).toBeGreaterThan(200);

  expect(shop.db.read(ledgerImbalance)).toEqual({ transactions: [], accounts: [] });
  const owned = ['ada', 'grace', 'linus', 'shop'].map(shop.payments.balance);
  const total = owned.reduce(
    (sum, { available, held }) => sum + available.amountMinor + held.amountMinor,
    0n,
  );
  expect(total).toBe(5000_00n + 1200_00n + 20_00n);
  expect(
    shop.db.read((sql) =>
      sql.get(
        `SELECT sum(CASE state WHEN 'AUTHORIZED' THEN amount_minor ELSE 0 END) AS held,
           sum(CASE WHEN state IN ('CAPTURED', 'REFUNDED') THEN amount_minor - refunded_minor
             ELSE 0 END) AS taken
         FROM payment`,
      ),
    ),
  ).toEqual({
    held: Number(owned.reduce((sum, { held }) => sum + held.amountMinor, 0n)),
    taken: Number(shop.payments.balance('shop').available.amountMinor),
  });
});
