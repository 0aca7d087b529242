import { criticalPath, plan, run } from './index.ts';

const catalog = {
  get: async (sku: string, _options: { signal: AbortSignal }) => ({ sku, grams: 250 }),
};
const inventory = {
  count: async (_sku: string, _options: { signal: AbortSignal }): Promise<number> => {
    throw new Error('inventory is down');
  },
};
const shipping = {
  rate: async (carrier: string, grams: number, _options: { signal: AbortSignal }) => {
    if (carrier === 'dhl') throw new Error('dhl is down');
    return grams * 2;
  },
};

it('runs the example of the README', async () => {
  const { signal } = new AbortController();

  const quote = plan<{ sku: string; carriers: string[] }>()
    .step('product', ({ input, signal }) => catalog.get(input.sku, { signal }))
    .step('stock', ({ input, signal }) => inventory.count(input.sku, { signal }), {
      optional: true,
      timeoutMs: 200,
    })
    .each(
      'rates',
      ['product'],
      ({ input }) => input.carriers,
      (carrier, { product, signal }) => shipping.rate(carrier, product.grams, { signal }),
      { key: (carrier) => carrier, timeoutMs: 500 },
    )
    .step('cheapest', ['rates'], ({ rates }) =>
      Math.min(...rates.flatMap(({ outcome }) => (outcome.ok ? outcome.value : []))),
    );

  const { events, result } = run(
    quote,
    { sku: 'mug', carriers: ['ups', 'dhl'] },
    { signal, deadlineMs: 1_000 },
  );
  const log: string[] = [];
  events.subscribe((event) => log.push(`${event.id} ${event.type}`));
  const { values, trace } = await result;

  expect(values.cheapest).toBe(500);
  expect(values.stock).toMatchObject({ ok: false });
  expect(log).toContain('rates[dhl] failed');
  expect(criticalPath(trace).at(-1)).toBe('cheapest');
});
