import { auditLedger, ledgerImbalance } from './ledger-imbalance.ts';
import { post, transfer } from './ledger.ts';
import type { Entry } from './ledger.ts';
import { openTemporaryPayments } from './spec/temporary-payments.ts';
import type { TemporaryPayments } from './spec/temporary-payments.ts';

const postEntries = ({ db }: TemporaryPayments, entries: readonly Entry[], reference = 'test') =>
  db.write((sql) => post(sql, { kind: 'AUTHORIZE', reference, createTimeMs: 0, entries }));

const sound = { transactions: [], accounts: [] };

it('moves balances by entries that sum to zero', async () => {
  await using shop = await openTemporaryPayments();
  await postEntries(shop, [
    { accountId: 'ada', amountMinor: -30n },
    { accountId: 'grace', amountMinor: 10n },
    { accountId: 'linus', amountMinor: 20n },
  ]);
  expect(shop.payments.balance('ada').available.amountMinor).toBe(5000_00n - 30n);
  expect(shop.payments.balance('linus').available.amountMinor).toBe(20_20n);
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it.each([
  [
    'that do not sum to zero',
    [
      { accountId: 'ada', amountMinor: -30n },
      { accountId: 'grace', amountMinor: 29n },
    ],
    'sum to -1, not 0',
  ],
  ['that are none', [], 'The 0 entries'],
  ['of one side only', [{ accountId: 'ada', amountMinor: 0n }], 'The 1 entries'],
  [
    'of several currencies',
    transfer({ from: 'ada', to: 'tim', amountMinor: 1n }),
    'mix EUR and USD',
  ],
  [
    'of an account that is not there',
    transfer({ from: 'ada', to: 'nobody', amountMinor: 1n }),
    'no account "nobody"',
  ],
  [
    'that take more than an account has',
    transfer({ from: 'linus', to: 'ada', amountMinor: 20_01n }),
    'CHECK constraint failed',
  ],
])('posts no entries %s', async (_what, entries, message) => {
  await using shop = await openTemporaryPayments();
  await expect(postEntries(shop, entries)).rejects.toThrow(message);
  expect(shop.db.read((sql) => sql.all('SELECT kind FROM ledger_transaction'))).toEqual(
    Array.from({ length: 5 }, () => ({ kind: 'OPENING' })),
  );
  expect(shop.db.read(ledgerImbalance)).toEqual(sound);
});

it.each([0n, -1n])('makes no entries for an amount of %s', (amountMinor) => {
  expect(() => transfer({ from: 'ada', to: 'grace', amountMinor })).toThrow(RangeError);
});

it('posts one transaction of a kind for a reference', async () => {
  await using shop = await openTemporaryPayments();
  const entries = transfer({ from: 'ada', to: 'grace', amountMinor: 1n });
  await postEntries(shop, entries);
  await expect(postEntries(shop, entries)).rejects.toThrow('UNIQUE constraint failed');
  await expect(postEntries(shop, entries, 'another')).resolves.toBeUndefined();
});

it.each(['UPDATE entry SET amount_minor = 1', 'DELETE FROM entry'])(
  'never lets an entry be changed by %s',
  async (statement) => {
    await using shop = await openTemporaryPayments();
    await expect(shop.db.write((sql) => sql.run(statement))).rejects.toThrow('a ledger entry');
  },
);

it('finds and logs transactions and balances that are wrong', async () => {
  await using shop = await openTemporaryPayments();
  const transactionId = 77;
  await shop.db.write((sql) => {
    sql.run("INSERT INTO ledger_transaction VALUES (?, 'CAPTURE', 'half', 0)", transactionId);
    sql.run("INSERT INTO entry VALUES (?, 'ada', 5)", transactionId);
    sql.run("UPDATE account SET balance_minor = 1 WHERE account_id = 'grace'");
  });
  expect(shop.db.read(ledgerImbalance)).toEqual({
    transactions: [{ transactionId, sumMinor: 5n }],
    accounts: [{ accountId: 'grace', balanceMinor: 1n, entriesMinor: 1200_00n }],
  });
  const logged = Promise.withResolvers<object>();
  auditLedger(shop.db, { error: logged.resolve });
  expect(await logged.promise).toEqual({ transactionIds: [transactionId], accountIds: ['grace'] });
});
