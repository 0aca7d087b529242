import { Code, RpcError } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import { stepsOf } from '../spec/problems-of.ts';
import { start, unavailable } from '../spec/start-plan.ts';

const authorize = 'shop.payments.v1.Payments/Authorize';
const capture = 'shop.payments.v1.Payments/Capture';

const paid = (undo: string, last: string) =>
  stepsOf(
    `{ id: payment, method: ${authorize}, request: { payment_id: "\${ input.id }" }, undo: { method: shop.payments.v1.Payments/Void, request: { payment_id: ${undo} } } }`,
    last,
  );
const failLater = `{ id: later, method: ${capture}, condition: 'payment != null' }`;

it('undoes what was done when the plan fails after it', async () => {
  const { result, undone, called } = start(
    paid('"${ payment.payment.payment_id }"', failLater),
    { [authorize]: () => ({ payment: { paymentId: 'p-1' } }), [capture]: unavailable },
    { input: { id: 'p-1' } },
  );
  expect((await result).error).toMatchObject({ code: Code.UNAVAILABLE });
  expect(await undone).toEqual([{ step: 'payment' }]);
  expect(called.at(-1)).toMatchObject({
    method: 'Void',
    request: { payment_id: 'p-1' },
    options: { maxAttempts: 5 },
  });
});

it('undoes what may have been done, if the undo does not need the reply', async () => {
  const { undone } = start(
    paid('"${ input.id }"', failLater),
    { [authorize]: unavailable },
    { input: { id: 'p-1' } },
  );
  expect(await undone).toEqual([{ step: 'payment' }]);
  const refused = start(
    paid('"${ input.id }"', failLater),
    {
      [authorize]: () => {
        throw new RpcError(Code.FAILED_PRECONDITION, 'no money');
      },
    },
    { input: { id: 'p-1' } },
  );
  expect(await refused.undone).toEqual([]);
  const seen = await lastValueFrom(refused.events.pipe(toArray()));
  expect(seen.map(({ type }) => type)).not.toContain('undoing');
});

it('says what could not be undone', async () => {
  const { undone, events } = start(
    paid('"${ payment.payment.payment_id }"', failLater),
    { [capture]: unavailable, 'shop.payments.v1.Payments/Void': unavailable },
    { input: { id: 'p-1' } },
  );
  expect(await undone).toEqual([
    { step: 'payment', error: expect.objectContaining({ code: Code.ABORTED }) },
  ]);
  const seen = await lastValueFrom(events.pipe(toArray()));
  expect(seen.map(({ type }) => type).slice(-2)).toEqual(['ended', 'undoFailed']);
});
