import { ScalarType } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import { WireType } from '@bufbuild/protobuf/wire';
import {
  Int32RulesSchema,
  Int64RulesSchema,
  StringRulesSchema,
  UInt32RulesSchema,
  UInt64RulesSchema,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import type {
  FieldRules,
  Int32Rules,
  Int64Rules,
  StringRules,
  UInt32Rules,
  UInt64Rules,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { boundNames, within } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { onlyThese } from './only-these.ts';
import { delimited } from './wire-check.ts';
import type { WireCheck } from './wire-check.ts';
import type { WireCursor } from './wire-cursor.ts';

/** What can be said of a scalar with rules by a look at its bytes. */
export interface ScalarCheck extends WireCheck {
  /** Whether the zero value is valid: that of a field that is not there, when it has no presence. */
  readonly isZeroValid: boolean;
}

/** The check of a scalar with these rules; undefined when they say more than a look can tell. */
export function scalarCheck(
  { scalar }: { readonly scalar?: ScalarType | undefined },
  { type: typed }: FieldRules,
): ScalarCheck | undefined {
  if (typed.case === 'string' && scalar === ScalarType.STRING) return stringCheck(typed.value);
  if (typed.case === 'int32' && scalar === ScalarType.INT32) {
    return integerCheck(Int32RulesSchema, typed.value, 2 ** 31);
  }
  if (typed.case === 'uint32' && scalar === ScalarType.UINT32) {
    return integerCheck(UInt32RulesSchema, typed.value, 2 ** 32);
  }
  if (typed.case === 'int64' && scalar === ScalarType.INT64) {
    return integerCheck(Int64RulesSchema, typed.value);
  }
  if (typed.case === 'uint64' && scalar === ScalarType.UINT64) {
    return integerCheck(UInt64RulesSchema, typed.value);
  }
  return undefined;
}

const ofStrings = ['minLen', 'maxLen', 'minBytes', 'maxBytes', 'pattern'];

/** Lengths count characters, which take one to four bytes each: in between it is not known. */
function stringCheck(rules: StringRules): ScalarCheck | undefined {
  const set = onlyThese(StringRulesSchema, rules, ofStrings);
  if (!set) return undefined;
  const { minLen, minBytes } = rules;
  const least = Math.max(4 * (Number(minLen) - 1) + 1, Number(minBytes));
  const mostOf = (name: 'maxLen' | 'maxBytes'): number =>
    set.has(name) ? Number(rules[name]) : Infinity;
  const most = Math.min(mostOf('maxLen'), mostOf('maxBytes'));
  const pattern = set.has('pattern') ? plainPattern(rules.pattern) : undefined;
  if (set.has('pattern') && !pattern) return undefined;
  return {
    isZeroValid: least <= 0 && (!pattern || pattern.test('')),
    ...delimited((cursor, end) => {
      const length = end - cursor.at;
      if (length < least || length > most) return false;
      if (pattern && !isMatch(pattern, cursor, end)) return false;
      cursor.at = end;
      return true;
    }),
  };
}

/**
 * What is longer is not matched here, nor by a pattern with more quantifiers: where RE2 takes linear time,
 * it may go back and try again, as often as the length to the power of their number.
 */
const mostMatched = 256;
const mostQuantifiers = 2;

function isMatch(pattern: RegExp, { bytes, at }: WireCursor, end: number): boolean {
  return end - at <= mostMatched && pattern.test(bytes.toString('latin1', at, end));
}

/** Letters, digits and classes in a row, each with how often: what means the same in RE2 and here. */
const plain =
  /^\^(?:(?:[A-Za-z0-9_\-/:@# ]|\[[^\\[\]^&~]+\])(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?)+\$$/;

/** The pattern, when it is a plain one of ASCII: what is no ASCII does not match it. */
function plainPattern(source: string): RegExp | undefined {
  if (!/^[ -~]*$/.test(source) || !plain.test(source)) return undefined;
  if ((source.match(/[*+?{]/g)?.length ?? 0) > mostQuantifiers) return undefined;
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

type IntegerRules = Int32Rules | UInt32Rules | Int64Rules | UInt64Rules;

/** The cursor tells numbers from 0 to 2^35. */
function integerCheck<Rules extends IntegerRules>(
  schema: GenMessage<Rules>,
  rules: Rules,
  beyond = Infinity,
): ScalarCheck | undefined {
  if (!onlyThese(schema, rules, boundNames)) return undefined;
  const isAllowed = within<number | bigint>(rules as Bounds<number | bigint>, Number);
  if (!isAllowed) return undefined;
  return {
    wireType: WireType.Varint,
    isZeroValid: isAllowed(0),
    isValid(cursor) {
      const value = cursor.varint();
      return value >= 0 && value < beyond && isAllowed(value);
    },
  };
}
