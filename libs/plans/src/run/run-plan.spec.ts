import type { PerformTask } from '@trivium/parallel';
import { Code } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import { stepsOf } from '../spec/problems-of.ts';
import { product, start, unavailable, type Answer } from '../spec/start-plan.ts';

const getProduct = 'shop.catalog.v1.Catalog/GetProduct';
const getStock = 'shop.inventory.v1.Inventory/GetStock';
const quoteRate = 'shop.shipping.v1.Shipping/QuoteRate';

const twoSteps = stepsOf(
  `{ id: product, method: ${getProduct}, request: { sku: "\${ input.sku }" } }`,
  `{ id: rate, method: ${quoteRate}, request: { carrier_id: "c-\${ input.carrier }", parcel: { weight_grams: "\${ product.product.weight_grams * input.quantity }" } } }`,
);
const input = { sku: 'MUG', carrier: 'swift', quantity: 2 };

it('calls a step with what it reads from others, as their contracts type it', async () => {
  const { result, called } = start(
    twoSteps,
    { [getProduct]: () => product('MUG'), [quoteRate]: () => ({ rate: { zone: 1 } }) },
    { input },
  );
  const { result: value, error, steps, criticalPath } = await result;
  expect(error).toBeUndefined();
  expect(called.map(({ method, request }) => [method, request])).toEqual([
    ['GetProduct', { sku: 'MUG' }],
    ['QuoteRate', { carrier_id: 'c-swift', parcel: { weight_grams: 500 } }],
  ]);
  expect(value).toEqual({ product: product('MUG'), rate: { rate: { zone: 1 } } });
  expect(criticalPath).toEqual(['product', 'rate']);
  expect(steps).toEqual([
    expect.objectContaining({ step: 'product', state: 'succeeded', attempts: 1, waitedFor: [] }),
    expect.objectContaining({ step: 'rate', waitedFor: ['product'], slackMs: expect.any(Number) }),
  ]);
});

it('tells of each step as it starts and ends', async () => {
  const { events } = start(twoSteps, { [quoteRate]: unavailable }, { input });
  const seen = await lastValueFrom(events.pipe(toArray()));
  expect(
    seen.map((event) =>
      event.type === 'ended' ? event.outcome.state : `${event.step} ${event.type}`,
    ),
  ).toEqual(['product started', 'succeeded', 'rate started', 'failed']);
  expect(seen.at(-1)).toMatchObject({
    outcome: { step: 'rate', error: { message: 'it is down' } },
  });
});

it('fails with the error of the first step that fails, and stops its siblings', async () => {
  const stopped = Promise.withResolvers<unknown>();
  const { result } = start(
    stepsOf(
      `{ id: a, method: ${getProduct} }`,
      `{ id: b, method: ${getStock} }`,
      `{ id: c, method: ${quoteRate}, request: { carrier_id: "\${ b.levels[0].sku }" } }`,
    ),
    {
      [getProduct]: unavailable,
      [getStock]: (_request, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            stopped.resolve(undefined);
            reject(signal.reason as Error);
          });
        }),
    },
  );
  const { error, result: value, steps } = await result;
  await stopped.promise;
  expect(error).toMatchObject({ code: Code.UNAVAILABLE, message: 'it is down' });
  expect(value).toBeUndefined();
  expect(steps.map(({ step, state, error: why }) => [step, state, why?.code])).toEqual([
    ['a', 'failed', Code.UNAVAILABLE],
    ['b', 'failed', Code.CANCELLED],
    ['c', 'skipped', Code.CANCELLED],
  ]);
});

it('collects: what does not need a failed step goes on, what does is skipped and says so', async () => {
  const { result } = start(
    `failure_policy: FAILURE_POLICY_COLLECT\n${stepsOf(
      `{ id: a, method: ${getProduct} }`,
      `{ id: b, method: ${getStock} }`,
      `{ id: c, method: ${quoteRate}, request: { carrier_id: "\${ a.product.sku }" } }`,
    )}`,
    { [getProduct]: unavailable, [getStock]: () => ({ levels: [{ sku: 'X' }] }) },
  );
  const { error, result: value, steps } = await result;
  expect(error).toBeUndefined();
  expect(value).toEqual({ a: null, b: { levels: [{ sku: 'X' }] }, c: null });
  expect(steps.find(({ step }) => step === 'c')).toMatchObject({
    state: 'skipped',
    attempts: 0,
    error: { code: Code.ABORTED, message: expect.stringContaining('reads "a"') },
  });
});

it('gives null for an optional step that failed, and fields that are not set as their defaults', async () => {
  const { result } = start(
    `${stepsOf(
      `{ id: a, method: ${getProduct}, optional: true }`,
      `{ id: b, method: ${getStock}, request: { skus: ["\${ a == null ? 'none' : a.product.sku }"] } }`,
    )}
result: { missing: "\${ a == null && !has(a.product) }", first: "\${ b.levels[0].on_hand }" }`,
    { [getProduct]: unavailable, [getStock]: () => ({ levels: [{ sku: 'X' }] }) },
  );
  expect(await result).toMatchObject({ result: { missing: true, first: 0 } });
});

it('says which result is missing when an expression does not reckon with that', async () => {
  const { result } = start(
    stepsOf(
      `{ id: a, method: ${getProduct}, optional: true }`,
      `{ id: b, method: ${getStock}, request: { skus: ["\${ a.product.sku }"] } }`,
    ),
    { [getProduct]: unavailable },
  );
  expect((await result).error?.message).toBe(
    'steps[1].request.skus[0]: field not found: product (a: null, there is no result)',
  );
});

it('skips a step whose condition is false, and what reads it', async () => {
  const text = stepsOf(
    `{ id: a, method: ${getProduct}, condition: input.wanted }`,
    `{ id: b, method: ${getStock}, request: { skus: ["\${ a.product.sku }"] } }`,
  );
  const skipped = await start(text, {}, { input: { wanted: false } }).result;
  expect(skipped).toMatchObject({ result: { a: null, b: null } });
  expect(skipped.steps.map(({ step, state }) => [step, state])).toEqual([
    ['a', 'skipped'],
    ['b', 'skipped'],
  ]);
  const called = await start(
    text,
    { [getProduct]: () => product('X') },
    { input: { wanted: true } },
  ).result;
  expect(called.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  const neither = await start(text, {}, { input: { wanted: 1 } }).result;
  expect(neither.error).toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: 'steps[0].condition: the condition came to neither true nor false',
  });
});

it('hands timeout, retry and hedge to whoever calls, so that repetition is in one place', async () => {
  const { result, called } = start(
    stepsOf(
      `{ id: a, method: ${getProduct}, timeout: 2s, retry: { max_attempts: 3 }, hedge: { delay: 0.05s } }`,
      `{ id: b, method: ${getStock}, hedge: {} }`,
    ),
    {},
    { metadata: { 'x-tenant': 't1' }, deadlineMs: 1_000 },
  );
  await result;
  const [a, b] = called.map(({ options }) => options);
  expect(a).toMatchObject({
    maxAttempts: 3,
    hedge: { delayMs: 50 },
    metadata: { 'x-tenant': 't1' },
  });
  expect(a!.timeoutMs).toBeLessThanOrEqual(1_000);
  expect(b).toMatchObject({ hedge: { delayMs: 'p95' } });
  expect(b).not.toHaveProperty('maxAttempts');
});

it('ends at its deadline and when it is cancelled', async () => {
  const hang: Answer = () => new Promise(() => undefined);
  const late = start(twoSteps, { [getProduct]: hang }, { input, deadlineMs: 20 });
  expect((await late.result).error).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  const controller = new AbortController();
  const cancelled = start(twoSteps, { [getProduct]: hang }, { input, signal: controller.signal });
  controller.abort();
  expect((await cancelled.result).error).toMatchObject({ code: Code.CANCELLED });
});

it('goes on from what is recorded, and calls nothing of it again', async () => {
  const recorded = new Map<string, string>();
  const perform = async ({ id, call }: PerformTask) => {
    const known = recorded.get(id);
    if (known !== undefined) return JSON.parse(known) as unknown;
    const value = await call();
    recorded.set(id, JSON.stringify(value));
    return value;
  };
  const answers = { [getProduct]: () => product('MUG'), [quoteRate]: unavailable };
  const first = start(twoSteps, answers, { input, perform });
  expect((await first.result).error).toBeDefined();
  const second = start(twoSteps, { [quoteRate]: () => ({}) }, { input, perform });
  expect((await second.result).result).toEqual({ product: product('MUG'), rate: {} });
  expect(second.called.map(({ method, request }) => [method, request])).toEqual([
    ['QuoteRate', { carrier_id: 'c-swift', parcel: { weight_grams: 500 } }],
  ]);
});

it('fails a step whose request cannot be made, with the place, and calls nothing for it', async () => {
  const { result, called } = start(twoSteps, {}, { input: { sku: 'MUG' } });
  expect((await result).error).toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: 'steps[1].request.carrier_id: field not found: carrier',
  });
  expect(called).toHaveLength(1);
});

it('takes the input of a plan that serves a method as its request, with defaults and types', async () => {
  const text = (result: string) => `
serves: shop.checkout.v1.Checkout/GetOrder
steps: [{ id: a, method: ${getProduct}, request: { sku: "\${ input.order_id }" } }]
result: ${result}`;
  const { result, called } = start(
    text('{ order: { order_id: "${ input.order_id }" } }'),
    {},
    {
      input: { orderId: 'o-1' },
    },
  );
  expect((await result).result).toEqual({ order: { orderId: 'o-1' } });
  expect(called[0]!.request).toEqual({ sku: 'o-1' });
  const wrong = start(text('{ order: "${ dyn(1) }" }'));
  expect((await wrong.result).error).toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringMatching(/^result: cannot decode/),
  });
  const refused = start(text('{}'), {}, { input: { orderId: 5 } });
  expect((await refused.result).error).toMatchObject({ code: Code.INVALID_ARGUMENT });
  expect(refused.called).toEqual([]);
});
