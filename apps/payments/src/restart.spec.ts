import { ledgerImbalance } from './ledger-imbalance.ts';
import { eur, openTemporaryPayments } from './spec/temporary-payments.ts';

it('knows after a restart all that it answered for before', async () => {
  await using shop = await openTemporaryPayments();
  const body = { accountId: 'ada', amount: eur(10_00n) };
  const authorized = await shop.payments.authorize({ paymentId: 'authorized', ...body });
  await shop.payments.authorize({ paymentId: 'voided', ...body });
  const voided = await shop.payments.void('voided');
  await shop.payments.authorize({ paymentId: 'refunded', ...body });
  await shop.payments.capture('refunded');
  const refund = { paymentId: 'refunded', refundId: 'r1', amount: eur(4_00n) };
  const refunded = await shop.payments.refund(refund);
  const balances = ['ada', 'shop'].map(shop.payments.balance);

  await shop.restart();

  expect(['ada', 'shop'].map(shop.payments.balance)).toEqual(balances);
  expect(await shop.payments.authorize({ paymentId: 'authorized', ...body })).toEqual(authorized);
  expect(await shop.payments.void('voided')).toEqual(voided);
  expect(await shop.payments.refund(refund)).toEqual(refunded);
  expect(['ada', 'shop'].map(shop.payments.balance)).toEqual(balances);
  expect(shop.db.read(ledgerImbalance)).toEqual({ transactions: [], accounts: [] });
});

it('commits what was called before the database was closed', async () => {
  await using shop = await openTemporaryPayments();
  const authorized = shop.payments.authorize({
    paymentId: 'p1',
    accountId: 'linus',
    amount: eur(20_00n),
  });
  await shop.restart();
  expect(await authorized).toEqual(shop.payments.payment('p1'));
  expect(shop.payments.balance('linus').held).toEqual(eur(20_00n));
});
