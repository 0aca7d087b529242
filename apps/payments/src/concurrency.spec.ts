import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import { Code, RpcError } from '@trivium/rpc';
import { ledgerImbalance } from './ledger-imbalance.ts';
import { servePayments } from './spec/served-payments.ts';
import { eur } from './spec/temporary-payments.ts';

const times = <T>(count: number, call: (n: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, (_, n) => call(n)));

function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const outcome of outcomes) {
    const code =
      outcome.status === 'fulfilled' ? Code.OK : RpcError.from(outcome.reason as unknown).code;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

const sound = { transactions: [], accounts: [] };

it('lets five hundred payments at once spend what an account has and no more', async () => {
  await using served = await servePayments();
  const { client, shop } = served;
  const outcomes = await times(500, (n) =>
    client.authorize({ paymentId: `p${n}`, accountId: 'linus', amount: eur(20n) }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 100],
      [Code.FAILED_PRECONDITION, 400],
    ]),
  );
  expect(shop.payments.balance('linus')).toEqual({ available: eur(0n), held: eur(20_00n) });
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it('has one effect and fifty equal answers for one key used fifty times at once', async () => {
  await using served = await servePayments();
  const { client, shop } = served;
  const fifty = async <T>(call: () => Promise<T>) => {
    const answers = await Promise.all(Array.from({ length: 50 }, call));
    expect(answers).toEqual(Array.from({ length: 50 }, () => answers[0]));
    return answers[0]!;
  };
  const ada = { paymentId: 'p1', accountId: 'ada', amount: eur(30_00n) };
  const { payment } = await fifty(() => client.authorize(ada));
  expect(payment?.state).toBe(PaymentState.PAYMENT_STATE_AUTHORIZED);
  expect(shop.payments.balance('ada')).toEqual({ available: eur(4970_00n), held: eur(30_00n) });
  await fifty(() => client.capture({ paymentId: 'p1' }));
  expect(shop.payments.balance('shop').available).toEqual(eur(30_00n));
  await fifty(() => client.refund({ paymentId: 'p1', refundId: 'r1', amount: eur(4_00n) }));
  expect(shop.payments.balance('shop').available).toEqual(eur(26_00n));
  await client.authorize({ ...ada, paymentId: 'p2' });
  await fifty(() => client.void({ paymentId: 'p2' }));
  expect(shop.payments.balance('ada')).toEqual({ available: eur(4974_00n), held: eur(0n) });
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it('gives a key to one body of several that ask for it at once', async () => {
  await using served = await servePayments();
  const { client, shop } = served;
  const outcomes = await times(50, (n) =>
    client.authorize({ paymentId: 'p1', accountId: 'ada', amount: eur(BigInt(1 + (n % 2))) }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 25],
      [Code.ALREADY_EXISTS, 25],
    ]),
  );
  expect([1n, 2n]).toContain(shop.payments.balance('ada').held.amountMinor);
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it('ends a payment in one way when it is captured and voided at once', async () => {
  await using served = await servePayments();
  const { client, shop } = served;
  await client.authorize({ paymentId: 'p1', accountId: 'ada', amount: eur(30_00n) });
  const outcomes = await times(50, (n) =>
    n % 2 === 0 ? client.capture({ paymentId: 'p1' }) : client.void({ paymentId: 'p1' }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 25],
      [Code.FAILED_PRECONDITION, 25],
    ]),
  );
  expect(shop.payments.balance('ada').held).toEqual(eur(0n));
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it('gives back no more than was paid in fifty refunds at once', async () => {
  await using served = await servePayments();
  const { client, shop } = served;
  await client.authorize({ paymentId: 'p1', accountId: 'ada', amount: eur(30_00n) });
  await client.capture({ paymentId: 'p1' });
  const outcomes = await times(50, (n) =>
    client.refund({ paymentId: 'p1', refundId: `r${n}`, amount: eur(3_00n) }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 10],
      [Code.FAILED_PRECONDITION, 40],
    ]),
  );
  expect(shop.payments.balance('shop').available).toEqual(eur(0n));
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});
