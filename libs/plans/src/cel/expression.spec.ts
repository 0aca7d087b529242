import { CelScalar, listType, type CelType } from '@bufbuild/cel';
import { createRegistry, type JsonValue } from '@bufbuild/protobuf';
import { onBudget } from './budget.ts';
import { createExpressionCompiler } from './expression.ts';
import { celFromJson, jsonFromCel } from './json.ts';

const registry = createRegistry();
const compiler = createExpressionCompiler(registry);
const thousand = Array.from({ length: 1000 }, (_, index) => index);
const names = new Map<string, CelType>([
  ['input', CelScalar.DYN],
  ['numbers', listType(CelScalar.INT)],
  ['text', CelScalar.STRING],
]);

function evaluate(source: string, input: JsonValue = {}, budget = { left: 1e5, limit: 1e5 }) {
  const problems: string[] = [];
  const expression = compiler.compile(source, names, (problem) => problems.push(problem));
  if (problems.length > 0) throw new Error(problems.join('; '));
  const variables = {
    input: celFromJson(input),
    numbers: celFromJson(thousand),
    text: 'x'.repeat(100_000),
  };
  return onBudget(budget, () => jsonFromCel(expression.evaluate(variables, budget), registry));
}

it.each<[string, JsonValue, JsonValue]>([
  ['input.a * input.b', { a: 2, b: 3 }, 6],
  ['input.a * input.b', { a: 2, b: 2.5 }, 5],
  ['has(input.a) ? input.a : "none"', {}, 'none'],
  ['sum(input.prices)', { prices: [1, 2, 3] }, 6],
  ['sum(input.prices)', { prices: [1, 0.5] }, 1.5],
  ['sum([])', {}, 0],
  ['math.greatest(input.a)', { a: [3, 9, 4.5] }, 9],
  ['math.least(3, 2.5)', {}, 2.5],
  ['int(math.ceil(7 / 2.0))', {}, 4],
  ['math.round(-2.5)', {}, -3],
  ['lists.range(3).map(i, i * 2)', {}, [0, 2, 4]],
  ['input.sortBy(x, -x.n).map(x, x.n)', [{ n: 1 }, { n: 3 }, { n: 2 }], [3, 2, 1]],
  ['[3, 1, 2].sort()[0]', {}, 1],
  ['[[1], [2, 2]].flatten().distinct().reverse()', {}, [2, 1]],
  ['[1, 2, 3].slice(1, 3) + [4]', {}, [2, 3, 4]],
  ['cel.bind(total, sum(numbers), total + total)', {}, 999_000],
  ['numbers.filter(n, n > 997).map(n, string(n)).join("-")', {}, '998-999'],
  ['numbers.exists(n, n == 500) && !numbers.all(n, n < 500)', {}, true],
  ['9223372036854775807', {}, '9223372036854775807'],
  ['duration("90s")', {}, '90s'],
])('evaluates %s of %j', (source, input, expected) => {
  expect(evaluate(source, input)).toEqual(expected);
});

it('counts whole numbers of JSON as ints, whatever they are multiplied with', () => {
  expect(evaluate('input.a / 2', { a: 5 })).toBe(2);
  expect(evaluate('input.a / 2.0', { a: 5 })).toBe(2.5);
  expect(evaluate('input.a + 0.5', { a: 1 })).toBe(1.5);
});

it.each([
  ['numbers.map(a, numbers.map(b, numbers.map(c, a * b * c)))'],
  ['numbers.all(a, numbers.all(b, a + b >= 0))'],
  ['numbers.exists(a, numbers.all(b, a + b >= 0) && false) || true'],
  [`[0]${'.map(a, [a, a])'.repeat(60)}`],
  [`[0]${'.map(a, [a, a])'.repeat(60)} == [1]`],
  [`["ab"]${'.map(a, a + a)'.repeat(60)}`],
  [`[text]${'.map(a, a + a)'.repeat(10)}.size()`],
  ['lists.range(1000000000)'],
  ['numbers.map(n, text).join("")'],
  ['text.replace("", "xx")'],
  ['int(text)'],
  ['numbers.map(n, text.matches("(x?){1000}y"))'],
  ['[numbers, numbers].sortBy(l, sum(l.map(a, sum(l.map(b, sum(l.map(c, c)))))))'],
])('stops %s, which would go on or grow without end', (source) => {
  const budget = { left: 1e5, limit: 1e5 };
  expect(() => evaluate(source, {}, budget)).toThrow(/takes more work than the limit of 100000/);
});

it('compiles a chain of macros in time that grows with its length', () => {
  const chain = `[3, 1, 2]${'.sortBy(x, -x)'.repeat(100)}[0]`;
  expect(evaluate(chain)).toBe(3);
  const nested = `${'cel.bind(x, '.repeat(50)}1${', x + 1)'.repeat(50)}`;
  expect(evaluate(nested)).toBe(51);
});

it('does not let a logical operator hide that the budget is used up', () => {
  const budget = { left: 50, limit: 50 };
  expect(() => evaluate('true || numbers.all(n, n >= 0)', {}, budget)).not.toThrow();
  expect(() => evaluate('numbers.all(n, n >= 0) || true', {}, { left: 50, limit: 50 })).toThrow(
    /more work/,
  );
});

it.each([
  ['inputs.a', 'nothing is called inputs here; did you mean input?'],
  ['numbers.first', 'a list has no field first: take an element, as in list[0], or map it'],
  ['texts(1)', 'there is no function texts'],
  ['text.substrin(1)', 'there is no function substrin; did you mean substring?'],
  ['1 + "a"', '+ does not take (int, string)'],
  ['numbers["a"]', 'a list has numbers as places, not texts'],
  ['text ? 1 : 2', 'a condition takes true or false, not string'],
  ['text.all(c, c == "x")', 'string is no list: it cannot be gone through'],
  ['constructor', 'nothing is called constructor here; there are input, numbers, text'],
])('says of %s: %s', (source, problem) => {
  expect(() => evaluate(source)).toThrow(problem);
});

it.each([
  ['1 +', 'not CEL: found + at character 3'],
  ['a b', 'not CEL: found b'],
  ['x'.repeat(4001), 'an expression of 4001 characters; at most 4000'],
  [`${'('.repeat(1900)}1${')'.repeat(1900)}`, 'nested deeper'],
  [`1${'+1'.repeat(1500)}`, 'nested deeper'],
])('refuses what is no CEL: %.20s', (source, problem) => {
  expect(() => evaluate(source)).toThrow(problem);
});

it('tells why an expression has no value', () => {
  expect(() => evaluate('input.missing')).toThrow('field not found: missing');
  expect(() => evaluate('1 / 0')).toThrow('divide by zero');
  expect(() => evaluate('math.greatest([])')).toThrow('math.greatest() of an empty list');
  expect(() => evaluate('type(1)')).toThrow('the type int is no value');
  expect(() => evaluate('[1, "a"].sort()')).toThrow('sort() takes keys of one type');
});
