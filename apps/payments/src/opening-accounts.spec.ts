import { auditLedger } from './ledger-imbalance.ts';
import { openBooks, openingBalances } from './opening-accounts.ts';
import { eur, openTemporaryPayments } from './spec/temporary-payments.ts';

it('opens the books with what every customer has, taken from equity', async () => {
  await using shop = await openTemporaryPayments();
  for (const { accountId, amountMinor, currency } of openingBalances) {
    expect(shop.payments.balance(accountId).available).toEqual({ amountMinor, currency });
  }
  expect(shop.payments.balance('shop').available).toEqual(eur(0n));
  expect(shop.db.read((sql) => sql.get('SELECT sum(amount_minor) AS sum FROM entry'))).toEqual({
    sum: 0,
  });
  auditLedger(shop.db, {
    error: () => {
      throw new Error('the books should be sound');
    },
  });
});

it('leaves books that are open as they are', async () => {
  await using shop = await openTemporaryPayments();
  await shop.payments.authorize({ paymentId: 'p1', accountId: 'ada', amount: eur(1n) });
  await openBooks(shop.db);
  expect(shop.payments.balance('ada').available).toEqual(eur(5000_00n - 1n));
});
