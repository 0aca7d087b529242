import { readFileSync } from 'node:fs';
import { type Perform, createLimits, criticalPath, plan, run } from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const own = readFileSync(new URL(import.meta.url), 'utf8');
const { signal } = new AbortController();

const catalog = {
  get: async (sku: string, _options: { signal: AbortSignal }) => ({ sku, grams: 250 }),
};
const inventory = {
  count: async (_sku: string, _options: { signal: AbortSignal }): Promise<number> => {
    throw new Error('inventory is down');
  },
  reserve: async (id: string, _options: { signal: AbortSignal }) => `${id} is held`,
  release: async (id: string, _options: { signal: AbortSignal }) => `${id} is given back`,
};
const payments = {
  charge: async (_id: string, _options: { signal: AbortSignal }): Promise<number> => {
    throw new Error('declined');
  },
};
const shipping = {
  rate: async (carrier: string, grams: number, _options: { signal: AbortSignal }) => {
    if (carrier === 'dhl') throw new Error('dhl is down');
    return grams * 2;
  },
};

it('shows in the README what runs here', () => {
  const withoutIndent = own.replace(/^ {2}/gm, '');
  const examples = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);
  expect(examples).toHaveLength(4);
  for (const example of examples) {
    for (const part of example.split('\n\n')) {
      if (part.startsWith('import')) continue;
      const code = part.replace(/ +\/\/ .*$/gm, '').trim();
      expect(withoutIndent).toContain(code);
    }
  }
});

it('runs the example of a plan', async () => {
  const log: string[] = [];

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
  events.subscribe((event) => log.push(`${event.id} ${event.type}`));
  const { values, trace } = await result;
  criticalPath(trace);

  expect(values.cheapest).toBe(500);
  expect(values.stock).toMatchObject({ ok: false });
  expect(log).toContain('rates[dhl] failed');
  expect(criticalPath(trace).at(-1)).toBe('cheapest');
});

it('runs the example of limits', async () => {
  const limits = createLimits({ perProcess: 200, perTarget: 16 });
  const page = plan<string[]>().each(
    'products',
    [],
    ({ input }) => input,
    (sku, { signal }) => catalog.get(sku, { signal }),
    { key: (sku) => sku, target: 'catalog' },
  );
  const pages = await Promise.all([
    run(page, ['mug', 'pan'], { signal, limits }).result,
    run(page, ['tent'], { signal, limits }).result,
  ]);

  expect(pages.map(({ values }) => values.products.length)).toEqual([2, 1]);
});

it('runs the example of an undo', async () => {
  const order = plan<{ id: string }>()
    .step('reserve', ({ input, signal }) => inventory.reserve(input.id, { signal }), {
      undo: (_held, { input, signal }) => inventory.release(input.id, { signal }),
    })
    .step('pay', ['reserve'], ({ input, signal }) => payments.charge(input.id, { signal }));

  const placed = run(order, { id: 'order-1' }, { signal });
  const why = await placed.result.catch((error: Error) => error.message);
  const reports = await placed.undone;

  expect(why).toBe('declined');
  expect(reports).toEqual([{ id: 'reserve', ok: true }]);
});

it('runs the example of what makes a run durable', async () => {
  const entries = new Map<string, unknown>();
  const journal = {
    read: async (key: string) => entries.get(key),
    write: async (key: string, value: unknown) => (entries.set(key, value), value),
  };

  const perform: Perform = async ({ id, kind, call }) => {
    const recorded = await journal.read(`${kind} ${id}`);
    return recorded ?? journal.write(`${kind} ${id}`, await call());
  };

  let calls = 0;
  const counted = plan<void>().step('count', () => ++calls);
  for (let time = 0; time < 2; time++) {
    const { values } = await run(counted, undefined, { signal, perform }).result;
    expect(values.count).toBe(1);
  }
});
