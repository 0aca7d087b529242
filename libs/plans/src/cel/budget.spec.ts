import { CelScalar, listType, type CelType } from '@bufbuild/cel';
import { createRegistry } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { CostExceeded, onBudget } from './budget.ts';
import { createExpressionCompiler, ExpressionFailed } from './expression.ts';
import { celFromJson, jsonFromCel } from './json.ts';

const LIMIT = 2_000;
const registry = createRegistry();
const { compile } = createExpressionCompiler(registry);
const names = new Map<string, CelType>([
  ['numbers', listType(CelScalar.INT)],
  ['text', CelScalar.STRING],
]);
const variables = {
  numbers: celFromJson(Array.from({ length: 100 }, (_, index) => index)),
  text: 'ab'.repeat(500),
};

/** Expressions that iterate and make things, inside of each other as deep as a plan may have them. */
const { list } = fc.letrec<{ list: string; number: string; text: string }>((tie) => {
  const [list, number, text] = [tie('list'), tie('number'), tie('text')];
  const of = (template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts)
      .map((given) => given.reduce((made, part) => made.replace('#', part), template));
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('1', '7', 'numbers[3]'),
      of('size(#)', list),
      of('size(#)', text),
      of('(# * #)', number, number),
      of('sum(#.map(x, 1))', list),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('"a"', 'text'),
      of('(# + #)', text, text),
      of('#.map(x, #).join("-")', list, text),
      of('#.replace("a", #)', text, text),
      of('string(#)', number),
    ),
    list: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('numbers', '[1, 2, 3]'),
      of('(# + #)', list, list),
      of('#.map(x, [x, x])', list),
      of('#.map(x, #)', list, list),
      of('#.map(x, #)', list, text),
      of('#.filter(x, # > 0)', list, number),
      of('#.sortBy(x, #)', list, number),
      of('[#].flatten()', list),
      of('lists.range(#)', number),
      of('#.split("b")', text),
      of('(#.exists(x, # == 3) ? # : #)', list, number, list, list),
    ),
  };
});

it('holds for every expression: what it makes is no larger than what it was charged', () => {
  let stopped = 0;
  fc.assert(
    fc.property(
      list.filter(({ length }) => length < 4000),
      (source) => {
        const budget = { left: LIMIT, limit: LIMIT };
        const expression = compile(source, names, () => undefined);
        try {
          const value = expression.evaluate(variables, budget);
          const json = JSON.stringify(onBudget(budget, () => jsonFromCel(value, registry)));
          // A unit is an element, a separator and its digits, or 32 characters.
          expect(json.length).toBeLessThan((LIMIT - budget.left + 1) * 40);
        } catch (error) {
          if (!(error instanceof ExpressionFailed)) expect(error).toBeInstanceOf(CostExceeded);
          stopped++;
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(stopped).toBeGreaterThan(20);
});
