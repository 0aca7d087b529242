import { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import { compilePlan } from './compile/compile-plan.ts';
import { loadPlan } from './load-plan.ts';
import { problemsOf } from './spec/problems-of.ts';
import { shopMethods as methods } from './spec/shop-methods.ts';

it('takes a plan of width 1,000 and refuses one of 10,001 steps', () => {
  const wide = (count: number) => ({
    steps: Array.from({ length: count }, (_, index) => ({
      id: `s${index}`,
      method: 'shop.catalog.v1.Catalog/GetProduct',
      request: { sku: '${ input.sku }' },
    })),
  });
  expect(loadPlan(JSON.stringify(wide(1000)), { methods }).steps).toHaveLength(1000);
  expect(() => compilePlan(Plan.fromPartial(wide(10_001)), { methods })).toThrow(
    /^steps: must contain no more than 1000 item\(s\)$/,
  );
});

it('tells the first hundred problems of a plan in which everything is wrong', () => {
  const steps = Array.from({ length: 1000 }, (_, index) => ({
    id: `s${index}`,
    method: `a.B/C${index}`,
  }));
  expect(problemsOf(JSON.stringify({ steps }))).toHaveLength(100);
});

it('refuses more text of expressions than can be compiled in a moment', () => {
  const steps = Array.from({ length: 30 }, (_, index) => ({
    id: `s${index}`,
    method: 'shop.catalog.v1.Catalog/GetProduct',
    request: { sku: `\${ input.x${' + input.x'.repeat(390)} }` },
  }));
  expect(problemsOf(JSON.stringify({ steps }))[0]).toMatch(
    /^1:\d+ steps\[25\]\.request\.sku: the plan has more than 100000 characters of expressions/,
  );
});

it('refuses texts that are too large, too deep, or expand without end', () => {
  expect(problemsOf(' '.repeat(2 ** 19 + 1))).toEqual([
    'a plan of 524289 bytes; at most 524288 are read',
  ]);
  expect(problemsOf('['.repeat(50_000))[0]).toMatch(/nested too deep to be read/);
  expect(problemsOf('['.repeat(100) + ']'.repeat(100))[0]).toMatch(/nested deeper than 64$/);
  const bomb = Array.from({ length: 12 }, (_, level) => {
    const inner = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
  });
  expect(problemsOf(bomb.join('\n'))).toEqual([expect.stringMatching(/alias/)]);
  expect(problemsOf('a: &a [*a]')).toEqual([expect.stringMatching(/not JSON/)]);
  const many = JSON.stringify({ steps: [], result: Array.from({ length: 60_000 }, () => 0) });
  expect(problemsOf(many)).toEqual(['1:2 steps: more than 50000 values; split the plan']);
});
