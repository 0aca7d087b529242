import { CelScalar, type CelType } from '@bufbuild/cel';
import { createRegistry, type JsonValue } from '@bufbuild/protobuf';
import { createExpressionCompiler } from '../cel/expression.ts';
import { celFromJson } from '../cel/json.ts';
import { splitText } from './split.ts';
import { compileTemplate } from './template.ts';

const compiler = createExpressionCompiler(createRegistry());
const names = new Map<string, CelType>([
  ['input', CelScalar.DYN],
  ['product', CelScalar.DYN],
]);

function compile(value: JsonValue) {
  const problems: string[] = [];
  const report = (path: string, problem: string) => problems.push(`${path}: ${problem}`);
  const template = compileTemplate(value, { compiler, names, path: 'request', report });
  const evaluate = (input: JsonValue) =>
    template.evaluate({ input: celFromJson(input) }, { left: 1000, limit: 1000 });
  return { template, problems, evaluate };
}

it('keeps the type of a value that is one expression', () => {
  const { evaluate } = compile({ n: '${ input.n }', list: ['${ input.n + 1 }', 2], b: '${true}' });
  expect(evaluate({ n: 3 })).toEqual({ n: 3, list: [4, 2], b: true });
});

it('interpolates an expression inside a longer text', () => {
  const { evaluate } = compile('order ${input.id}: ${ input.n * 2 } pieces');
  expect(evaluate({ id: 'a-1', n: 2 })).toBe('order a-1: 4 pieces');
});

it('leaves what is no expression as it is, and $${ as ${', () => {
  const { evaluate, template } = compile({ price: '$5 {x}', literal: '$${ input.n }', n: 1 });
  expect(evaluate({})).toEqual({ price: '$5 {x}', literal: '${ input.n }', n: 1 });
  expect(template.used).toEqual(new Set());
});

it('ends an expression at the brace that is neither in a text nor in a map', () => {
  expect(splitText(`\${ {"a}": '}', "b": r"\\"}["b"] } and \${x}`)).toEqual([
    { expression: `{"a}": '}', "b": r"\\"}["b"]` },
    { text: ' and ' },
    { expression: 'x' },
  ]);
});

it('knows which names are used', () => {
  const { template } = compile({ a: '${ product.x }', b: ['${ input.list.map(input, input) }'] });
  expect([...template.used].sort()).toEqual(['input', 'product']);
});

it('says where an expression is wrong', () => {
  const { problems } = compile({ a: ['${ 1 + }'], 'b c': '${ prodct }', c: '${ unclosed' });
  expect(problems).toEqual([
    'request.a[0]: not CEL: found + at character 3',
    'request["b c"]: nothing is called prodct here; did you mean product?',
    'request.c: ${ without its }; write $${ for a ${ that is meant as it is',
  ]);
});

it('says where a value could not be made', () => {
  const { evaluate } = compile({ a: [{ b: '${ input.missing.x }' }] });
  expect(() => evaluate({})).toThrow('request.a[0].b: field not found: missing');
});

it('refuses a list, an object or null inside a text', () => {
  const { evaluate } = compile('is ${ input.x }');
  expect(() => evaluate({ x: [1] })).toThrow('request: a list has no place inside a text');
  expect(() => evaluate({ x: null })).toThrow('request: null has no place inside a text');
  expect(compile('is ${ [1] }').problems).toEqual([
    'request: a list(int) has no place inside a text: let it stand alone, or use string()',
  ]);
});
