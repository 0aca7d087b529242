import { readFileSync } from 'node:fs';
import { createRegistry, type JsonObject } from '@bufbuild/protobuf';
import { createExpressionCompiler } from './cel/expression.ts';
import { jsonFromCel } from './cel/json.ts';
import { defaultLimits, loadPlan, runPlan } from './index.ts';
import { problemsOf } from './spec/problems-of.ts';
import { shopMethods as methods } from './spec/shop-methods.ts';
import { answering, start, type Answer } from './spec/start-plan.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block]) => block!,
  );
const [text = '', ...steps] = blocks('yaml');

const quoteRate: Answer = ({ carrier_id: id }) => ({
  rate: { carrierId: id!, price: { amountMinor: id === 'swift' ? 900 : 500 } },
});
const answers: Readonly<Record<string, Answer>> = {
  'shop.catalog.v1.Catalog/GetProduct': () => ({ product: { weightGrams: 250 } }),
  'shop.shipping.v1.Shipping/ListCarriers': () => ({
    carriers: [{ carrierId: 'swift' }, { carrierId: 'snail' }],
  }),
  'shop.shipping.v1.Shipping/QuoteRate': quoteRate,
};

it('runs the example of the README', async () => {
  const { call, called } = answering(answers);
  const { signal } = new AbortController();
  const input: JsonObject = { sku: 'MUG', quantity: 2, destination: { country: 'DE' } };
  const log: string[] = [];

  const compiled = loadPlan(text, { methods }); // throws PlanRefused, with everything that is wrong
  const { events, result } = runPlan(compiled, { input, call, signal, deadlineMs: 2_000 });
  events.subscribe((event) => log.push(`${event.type} ${event.atMs}`));
  const { result: answer, error, criticalPath } = await result; // never rejects

  expect(error).toBeUndefined();
  expect(answer).toEqual({ cheapest: 'snail' });
  expect(criticalPath.at(-1)).toBe('rates');
  expect(log[0]).toMatch(/^started /);
  expect(called.at(-1)?.request).toMatchObject({ parcel: { weight_grams: 500 } });
});

it('takes the plan of the first page', () => {
  const page = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(problemsOf(/^```yaml\n(.*?)^```/ms.exec(page)![1]!)).toEqual([]);
});

it.each(steps)('takes this step of the README: %.30s', (step) => {
  const plan = `steps:\n${step.replace(/^/gm, '  ')}`;
  expect(problemsOf(plan)).toEqual([]);
});

it('runs the steps of the README as it says', async () => {
  const [stock = '', reservations = ''] = steps;
  const plan = `steps:\n${`${stock}${reservations}`.replace(/^/gm, '  ')}`;
  const { result, called } = start(plan, {}, { input: { orders: [{ id: 'a', lines: [] }] } });
  expect((await result).result).toEqual({ stock: null, reservations: [{}] });
  expect(called).toMatchObject([
    { method: 'Reserve', request: { reservation_id: 'order-a', lines: [] } },
  ]);
});

const rows = [...readme.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(
  ([, source, value]) => [source!, value!] as const,
);

it.each(rows)('evaluates %s to %s, as the table of functions says', (source, value) => {
  const registry = createRegistry();
  const { compile } = createExpressionCompiler(registry);
  const expression = compile(source, new Map(), (problem) => {
    throw new Error(problem);
  });
  const budget = { left: 1000, limit: 1000 };
  expect(JSON.stringify(jsonFromCel(expression.evaluate({}, budget), registry))).toBe(value);
});

it('names the limits as they are', () => {
  expect(rows).toHaveLength(16);
  const { maxTextBytes, ...numbers } = defaultLimits;
  for (const limit of Object.values(numbers)) {
    expect(readme).toContain(limit.toLocaleString('en'));
  }
  expect(maxTextBytes).toBe(2 ** 19);
});

it('tells of every field of the contract', () => {
  for (const field of [
    ...['name', 'description', 'steps', 'failure_policy', 'max_in_flight', 'result', 'serves'],
    ...['id', 'method', 'request', 'optional', 'condition', 'timeout', 'retry', 'hedge'],
    ...['for_each', 'undo', 'items', 'as', 'optional_items'],
  ]) {
    expect(readme).toMatch(new RegExp(`^\\| \`${field}\` `, 'm'));
  }
});
