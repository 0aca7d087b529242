import { celFunc, CelScalar, isCelList, isCelUint, listType } from '@bufbuild/cel';
import type { CelFunc, CelUint, CelValue } from '@bufbuild/cel';

const { DOUBLE, DYN, INT, UINT } = CelScalar;
const LIST = listType(DYN);

type NumberValue = bigint | number | CelUint;

/**
 * Arithmetic of an int with a double or a uint, which the standard of CEL does not have: numbers of
 * JSON are ints when they are whole, and a plan's meaning must not turn on whether one is.
 */
const mixed = (
  [
    ['_+_', (a: number, b: number) => a + b, (a: bigint, b: bigint) => a + b],
    ['_-_', (a: number, b: number) => a - b, (a: bigint, b: bigint) => a - b],
    ['_*_', (a: number, b: number) => a * b, (a: bigint, b: bigint) => a * b],
    ['_/_', (a: number, b: number) => a / b, (a: bigint, b: bigint) => a / b],
  ] as const
).flatMap(([name, fractions, wholes]): CelFunc[] => [
  celFunc(name, [INT, DOUBLE], DOUBLE, (a, b) => fractions(Number(a), b)),
  celFunc(name, [DOUBLE, INT], DOUBLE, (a, b) => fractions(a, Number(b))),
  celFunc(name, [UINT, DOUBLE], DOUBLE, (a, b) => fractions(Number(a.value), b)),
  celFunc(name, [DOUBLE, UINT], DOUBLE, (a, b) => fractions(a, Number(b.value))),
  celFunc(name, [INT, UINT], INT, (a, b) => int64(wholes(a, b.value))),
  celFunc(name, [UINT, INT], INT, (a, b) => int64(wholes(a.value, b))),
]);

/** `math.least`, `math.greatest`, `math.ceil`, `math.floor`, `math.round`, `math.abs`, mixed arithmetic. */
export const numberFunctions: readonly CelFunc[] = [
  ...mixed,
  ...(['math.least', 'math.greatest'] as const).flatMap((name) => {
    const pick = (values: CelValue[]): CelValue => extreme(name, values);
    return [
      celFunc(name, [LIST], DYN, (list) => pick([...list])),
      celFunc(name, [DYN, DYN], DYN, (a, b) => pick([a, b])),
      celFunc(name, [DYN, DYN, DYN], DYN, (a, b, c) => pick([a, b, c])),
    ];
  }),
  ...(
    [
      ['math.ceil', Math.ceil],
      ['math.floor', Math.floor],
      // Halves away from zero, as CEL's library says, not up.
      ['math.round', (x: number) => Math.sign(x) * Math.round(Math.abs(x))],
    ] as const
  ).flatMap(([name, round]) => [
    celFunc(name, [DOUBLE], DOUBLE, round),
    celFunc(name, [INT], INT, (x) => x),
  ]),
  celFunc('math.abs', [DOUBLE], DOUBLE, Math.abs),
  celFunc('math.abs', [INT], INT, (x) => int64(x < 0n ? -x : x)),
];

function extreme(name: string, values: readonly CelValue[]): CelValue {
  const sign = name === 'math.least' ? -1 : 1;
  const [first, ...rest] = values;
  if (first === undefined) throw new Error(`${name}() of an empty list`);
  let best = first;
  for (const value of rest) {
    const [one, other] = [numberOf(value, name), numberOf(best, name)];
    if (sign > 0 ? one > other : one < other) best = value;
  }
  numberOf(best, name);
  return best;
}

function numberOf(value: CelValue, name: string): bigint | number {
  const number = isCelUint(value) ? value.value : (value as Exclude<NumberValue, CelUint>);
  if (typeof number === 'bigint' || typeof number === 'number') return number;
  throw new Error(`${name}() takes numbers${isCelList(value) ? ', or one list of them' : ''}`);
}

function int64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new Error('int overflow');
  return value;
}
