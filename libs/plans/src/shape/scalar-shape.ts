import type { CelType } from '@bufbuild/cel';
import { ScalarType, type DescEnum, type DescField, type JsonValue } from '@bufbuild/protobuf';
import { fieldType, messageType, scalarType } from '../cel/field-type.ts';
import { didYouMean } from '../nearest.ts';
import type { Expected } from './expected.ts';
import { nameOf } from './name-of.ts';

const wholeRanges: Readonly<Partial<Record<ScalarType, readonly [bigint, bigint]>>> = {
  [ScalarType.INT32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.SINT32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.SFIXED32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.UINT32]: [0n, 2n ** 32n - 1n],
  [ScalarType.FIXED32]: [0n, 2n ** 32n - 1n],
  [ScalarType.INT64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.SINT64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.SFIXED64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.UINT64]: [0n, 2n ** 64n - 1n],
  [ScalarType.FIXED64]: [0n, 2n ** 64n - 1n],
};

/** Where a scalar stands, and as what. */
export interface ScalarOptions {
  readonly path: string;
  readonly report: (path: string, problem: string) => void;
  /** Whether it is the key of a map, which JSON has as a text. */
  readonly isKey: boolean;
}

/** Checks that a literal can be a scalar in JSON: as a value, or as the key of a map. */
export function checkScalar(
  value: JsonValue,
  scalar: ScalarType,
  { path, report, isKey }: ScalarOptions,
): void {
  const problem = scalarProblem(isKey ? keyValue(value, scalar) : value, scalar);
  if (problem) report(path, `must be ${problem}, not ${nameOf(value)}`);
}

/** What a literal would have to be, or undefined if it is. */
function scalarProblem(value: JsonValue, scalar: ScalarType): string | undefined {
  const range = wholeRanges[scalar];
  if (range)
    return isWhole(value, range) ? undefined : `a whole number from ${range[0]} to ${range[1]}`;
  switch (scalar) {
    case ScalarType.BOOL:
      return typeof value === 'boolean' ? undefined : 'true or false';
    case ScalarType.STRING:
      return typeof value === 'string' ? undefined : 'a text (in quotes)';
    case ScalarType.BYTES:
      return isBase64(value) ? undefined : 'bytes in base64';
    default:
      return isNumber(value) ? undefined : 'a number';
  }
}

function isWhole(value: JsonValue, [least, greatest]: readonly [bigint, bigint]): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  if (typeof value === 'number' ? !Number.isInteger(value) : !/^-?\d{1,20}$/.test(value))
    return false;
  const whole = BigInt(value);
  return whole >= least && whole <= greatest;
}

const isNumber = (value: JsonValue): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && /^(-?\d+(\.\d+)?([eE][-+]?\d+)?|NaN|-?Infinity)$/.test(value));

const isBase64 = (value: JsonValue): boolean =>
  typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value);

/** The key of a map as the scalar that it stands for. */
function keyValue(value: JsonValue, scalar: ScalarType): JsonValue {
  if (scalar !== ScalarType.BOOL) return value;
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** What is wrong with a literal for an enum, if anything. */
export function enumProblem(value: JsonValue, { typeName, values }: DescEnum): string | undefined {
  if (typeName === 'google.protobuf.NullValue') return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return undefined;
  if (typeof value !== 'string') return `must be a value of ${typeName}, not ${nameOf(value)}`;
  const names = values.map(({ name }) => name);
  if (names.includes(value)) return undefined;
  const known = names.length > 12 ? '' : `; it has ${names.join(', ')}`;
  return `${typeName} has no value ${value}${didYouMean(value, names) || known}`;
}

/** What is wrong with the type of an expression where a value is expected, if anything. */
export function expressionProblem(given: CelType, expected: Expected): string | undefined {
  const wanted = wantedType(expected);
  if (isOpen(given) || isOpen(wanted) || agree(given, wanted, enumOf(expected))) return undefined;
  return `must be ${described(wanted, expected)}, but the expression gives ${given}${remedy(given, wanted)}`;
}

function wantedType(expected: Expected): CelType {
  if (expected.kind === 'message') return messageType(expected.message);
  if (expected.kind === 'field') return fieldType(expected.field);
  const { message, scalar } = expected.field;
  if (message) return messageType(message);
  return scalarType(scalar ?? ScalarType.INT32);
}

const enumOf = (expected: Expected): DescEnum | undefined =>
  expected.kind === 'message'
    ? undefined
    : (expected.field as DescField & { enum?: DescEnum }).enum;

const isOpen = ({ name }: CelType): boolean => name === 'dyn' || name === 'null_type';

function agree(given: CelType, wanted: CelType, inEnum: DescEnum | undefined): boolean {
  const numbers = ['int', 'uint', 'double'];
  if (given.kind === 'list' && wanted.kind === 'list') {
    return (
      isOpen(given.element) ||
      isOpen(wanted.element) ||
      agree(given.element, wanted.element, inEnum)
    );
  }
  if (given.kind === 'map') return wanted.kind === 'map' || wanted.kind === 'object';
  if (wanted.kind === 'map') return false;
  if (inEnum) return given.name === 'int' || given.name === 'uint' || given.name === 'string';
  if (wanted.name === 'double') return numbers.includes(given.name);
  if (numbers.includes(wanted.name)) return given.name === 'int' || given.name === 'uint';
  // JSON has times, durations and bytes as texts.
  const asText = ['bytes', 'google.protobuf.Timestamp', 'google.protobuf.Duration'];
  if (given.name === 'string') return wanted.name === 'string' || asText.includes(wanted.name);
  return given.name === wanted.name;
}

function described(wanted: CelType, expected: Expected): string {
  const inEnum = enumOf(expected);
  return inEnum && wanted.kind !== 'list' ? `a value of ${inEnum.typeName}` : `${wanted}`;
}

function remedy(given: CelType, wanted: CelType): string {
  if (wanted.kind === 'list' && given.kind !== 'list') return ': put it into a list';
  const conversions = ['int', 'double', 'string', 'bool'];
  const plain = given.kind === 'scalar' && wanted.kind === 'scalar';
  if (plain && wanted.name === 'uint') return ': use int(…)';
  return plain && conversions.includes(wanted.name) ? `: use ${wanted.name}(…)` : '';
}
