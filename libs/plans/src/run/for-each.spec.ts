import { Code } from '@trivium/rpc';
import { stepsOf } from '../spec/problems-of.ts';
import { start, unavailable, type Answer } from '../spec/start-plan.ts';

const getProduct = 'shop.catalog.v1.Catalog/GetProduct';
const quoteRate = 'shop.shipping.v1.Shipping/QuoteRate';

const fanOut = (more: string) => `${stepsOf(
  `{ id: rates, method: ${quoteRate}, for_each: { items: input.carriers, as: carrier${more} }, request: { carrier_id: "\${ carrier }" } }`,
)}
result: { zones: "\${ rates.map(r, r.rate.zone) }" }`;
const carriers = ['a', 'b', 'c'];
const zones: Answer = ({ carrier_id: id }) =>
  id === 'b' ? unavailable() : { rate: { zone: carriers.indexOf(String(id)) + 1 } };

it('calls once for each element, and leaves out those that may fail', async () => {
  const { result, called } = start(
    fanOut(', optional_items: true'),
    { [quoteRate]: zones },
    { input: { carriers } },
  );
  const { result: value, steps } = await result;
  expect(called.map(({ request }) => request)).toEqual(carriers.map((id) => ({ carrier_id: id })));
  expect(value).toEqual({ zones: [1, 3] });
  expect(steps.map(({ step, index, state }) => [step, index, state])).toEqual([
    ['rates', undefined, 'succeeded'],
    ['rates', 0, 'succeeded'],
    ['rates', 1, 'failed'],
    ['rates', 2, 'succeeded'],
  ]);
});

it('fails with the first element that fails, where none may', async () => {
  const { result } = start(fanOut(''), { [quoteRate]: zones }, { input: { carriers } });
  expect((await result).error).toMatchObject({ code: Code.UNAVAILABLE });
  const whole = start(fanOut(''), { [quoteRate]: zones }, { input: { carriers: ['a', 'c'] } });
  expect((await whole.result).result).toEqual({ zones: [1, 3] });
});

it('keeps to the limits of the plan and of a fan-out', async () => {
  for (const [text, most] of [
    [fanOut(', max_in_flight: 3'), 3],
    [`max_in_flight: 2\n${fanOut('')}`, 2],
  ] as const) {
    let inFlight = 0;
    let seen = 0;
    const { result } = start(
      text,
      {
        [quoteRate]: async () => {
          seen = Math.max(seen, ++inFlight);
          await new Promise(setImmediate);
          inFlight--;
          return { rate: { zone: 1 } };
        },
      },
      { input: { carriers: Array.from({ length: 50 }, (_, index) => `c${index}`) } },
    );
    expect((await result).error).toBeUndefined();
    expect(seen).toBe(most);
  }
});

it('tells the result how each call went', async () => {
  const { result } = start(
    `${stepsOf(
      `{ id: rates, method: ${quoteRate}, for_each: { items: input.carriers, as: carrier, optional_items: true }, request: { carrier_id: "\${ carrier }" } }`,
    )}
result: "\${ trace.map(t, {'name': t.step + '[' + input.carriers[t.index] + ']', 'code': t.status.code, 'method': t.method, 'at': t.start_offset}) }"`,
    { [quoteRate]: zones },
    { input: { carriers: ['a', 'b'] } },
  );
  expect((await result).result).toEqual([
    { name: 'rates[a]', code: 0, method: quoteRate, at: expect.stringMatching(/s$/) },
    { name: 'rates[b]', code: 14, method: quoteRate, at: expect.stringMatching(/s$/) },
  ]);
});

it('refuses lists that are too long, and expressions that take too much in all', async () => {
  const text = fanOut('')
    .replace('input.carriers', '"lists.range(10001)"')
    .replace('${ carrier }', 'x');
  expect((await start(text).result).error).toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    message: 'steps[0].for_each.items: 10001 elements; at most 10000',
  });
  const heavy = `${stepsOf(`{ id: a, method: ${getProduct} }`)}
result: "\${ lists.range(1000).map(a, lists.range(1000).map(b, a * b)) }"`;
  expect((await start(heavy).result).error).toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    message: expect.stringContaining('takes more work than the limit'),
  });
});
