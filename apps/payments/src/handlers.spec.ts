import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import { Code, findDetail } from '@trivium/rpc';
import type { RpcError } from '@trivium/rpc';
import { failureOf } from '@trivium/testing';
import { servePayments } from './spec/served-payments.ts';
import { eur, nowMs } from './spec/temporary-payments.ts';

const ada = { paymentId: 'p1', accountId: 'ada', amount: eur(30_00n) };

const reasonOf = (error: RpcError) => findDetail(error, ErrorInfo)?.reason;

it('answers each method in the words of the contract', async () => {
  await using served = await servePayments();
  const { client } = served;
  const payment = { ...ada, refunded: eur(0n), createTime: new Date(nowMs) };
  const as = (state: PaymentState, refunded = eur(0n)) => ({
    payment: { ...payment, state, refunded },
  });
  expect(await client.authorize(ada)).toEqual(as(PaymentState.PAYMENT_STATE_AUTHORIZED));
  expect(await client.getBalance({ accountId: 'ada' })).toEqual({
    available: eur(4970_00n),
    held: eur(30_00n),
  });
  const captured = as(PaymentState.PAYMENT_STATE_CAPTURED);
  expect(await client.capture({ paymentId: 'p1' })).toEqual(captured);
  const refund = { paymentId: 'p1', refundId: 'r1', amount: eur(30_00n) };
  const refunded = as(PaymentState.PAYMENT_STATE_REFUNDED, eur(30_00n));
  expect(await client.refund(refund)).toEqual(refunded);
  expect(await client.getPayment({ paymentId: 'p1' })).toEqual(refunded);
  await client.authorize({ ...ada, paymentId: 'p2' });
  expect((await client.void({ paymentId: 'p2' })).payment?.state).toBe(
    PaymentState.PAYMENT_STATE_VOIDED,
  );
});

it('answers too little money with what was wanted and what is there', async () => {
  await using served = await servePayments();
  const error = await failureOf(served.client.authorize({ ...ada, accountId: 'linus' }));
  expect(error.code).toBe(Code.FAILED_PRECONDITION);
  expect(findDetail(error, PreconditionFailure)?.violations).toEqual([
    {
      type: 'FUNDS',
      subject: 'linus',
      description:
        'The account "linus" has 20.00 EUR available, and the payment asks for 30.00 EUR',
    },
  ]);
  expect(findDetail(error, ErrorInfo)).toEqual({
    reason: 'INSUFFICIENT_FUNDS',
    domain: 'shop.payments.v1',
    metadata: new Map([
      ['wantedMinor', '3000'],
      ['availableMinor', '2000'],
      ['currency', 'EUR'],
    ]),
  });
});

it('refuses the largest amount there is like any other that is too much', async () => {
  await using served = await servePayments();
  const amount = eur(2n ** 63n - 1n);
  const error = await failureOf(served.client.authorize({ ...ada, amount }));
  expect(reasonOf(error)).toBe('INSUFFICIENT_FUNDS');
});

it('answers another currency as a bad field', async () => {
  await using served = await servePayments();
  const { client } = served;
  const amount = { amountMinor: 30_00n, currency: 'USD' };
  await client.authorize({ ...ada, paymentId: 'p2' });
  await client.capture({ paymentId: 'p2' });
  const refund = { paymentId: 'p2', refundId: 'r1', amount };
  for (const call of [client.authorize({ ...ada, amount }), client.refund(refund)]) {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
      { field: 'amount.currency', description: 'has to be EUR, not USD' },
    ]);
  }
});

it('answers an account that cannot pay as a bad field', async () => {
  await using served = await servePayments();
  const error = await failureOf(served.client.authorize({ ...ada, accountId: 'shop' }));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field: 'account_id' }]);
});

it('answers an unknown account with its id', async () => {
  await using served = await servePayments();
  const { client } = served;
  const calls = [
    client.authorize({ ...ada, accountId: 'nobody' }),
    client.getBalance({ accountId: 'nobody' }),
  ];
  for (const call of calls) {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)?.resourceName).toBe('nobody');
  }
});

it('answers an unknown payment with its id', async () => {
  await using served = await servePayments();
  const { client } = served;
  const calls = [
    client.capture({ paymentId: 'none' }),
    client.void({ paymentId: 'none' }),
    client.getPayment({ paymentId: 'none' }),
    client.refund({ paymentId: 'none', refundId: 'r1', amount: eur(1n) }),
  ];
  for (const call of calls) {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)?.resourceName).toBe('none');
  }
});

it('answers an id that is taken with what to do about it', async () => {
  await using served = await servePayments();
  const { client } = served;
  await client.authorize(ada);
  await client.capture({ paymentId: 'p1' });
  await client.refund({ paymentId: 'p1', refundId: 'r1', amount: eur(1n) });
  const payment = await failureOf(client.authorize({ ...ada, amount: eur(1n) }));
  expect(payment.code).toBe(Code.ALREADY_EXISTS);
  expect(payment.message).toContain('choose a new payment_id');
  expect(reasonOf(payment)).toBe('PAYMENT_ID_REUSED');
  expect(findDetail(payment, ResourceInfo)?.resourceName).toBe('p1');
  const refund = await failureOf(
    client.refund({ paymentId: 'p1', refundId: 'r1', amount: eur(2n) }),
  );
  expect(refund.code).toBe(Code.ALREADY_EXISTS);
  expect(refund.message).toContain('choose a new refund_id');
  expect(reasonOf(refund)).toBe('REFUND_ID_REUSED');
  expect(findDetail(refund, ResourceInfo)?.resourceName).toBe('r1');
});

it('answers what a payment does not allow now with its state', async () => {
  await using served = await servePayments();
  const { client } = served;
  const refusalOf = async (call: Promise<unknown>) => {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(findDetail(error, PreconditionFailure)?.violations).toHaveLength(1);
    return reasonOf(error);
  };
  const refund = (paymentId: string, amountMinor: bigint) =>
    client.refund({ paymentId, refundId: `r of ${paymentId}`, amount: eur(amountMinor) });
  await client.authorize(ada);
  expect(await refusalOf(refund('p1', 1n))).toBe('PAYMENT_AUTHORIZED');
  await client.void({ paymentId: 'p1' });
  expect(await refusalOf(client.capture({ paymentId: 'p1' }))).toBe('PAYMENT_VOIDED');
  await client.authorize({ ...ada, paymentId: 'p2' });
  await client.capture({ paymentId: 'p2' });
  expect(await refusalOf(client.void({ paymentId: 'p2' }))).toBe('PAYMENT_CAPTURED');
  expect(await refusalOf(refund('p2', 30_01n))).toBe('REFUND_TOO_LARGE');
  await refund('p2', 30_00n);
  expect(await refusalOf(client.void({ paymentId: 'p2' }))).toBe('PAYMENT_REFUNDED');
});

it.each([
  ['an empty id', { ...ada, paymentId: '' }, 'payment_id'],
  ['no amount', { ...ada, amount: undefined }, 'amount'],
  ['an amount of nothing', { ...ada, amount: eur(0n) }, 'amount'],
  ['less than nothing', { ...ada, amount: eur(-5n) }, 'amount'],
  ['no currency', { ...ada, amount: { amountMinor: 5n } }, 'amount.currency'],
])('refuses %s by its field', async (_what, request, field) => {
  await using served = await servePayments();
  const error = await failureOf(served.client.authorize(request));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field }]);
});

it('answers that it is unavailable once its database is gone', async () => {
  await using served = await servePayments();
  await served.shop.db.close();
  const errors = await Promise.all([
    failureOf(served.client.getBalance({ accountId: 'ada' })),
    failureOf(served.client.authorize(ada)),
  ]);
  expect(errors.map(({ code }) => code)).toEqual([Code.UNAVAILABLE, Code.UNAVAILABLE]);
});
