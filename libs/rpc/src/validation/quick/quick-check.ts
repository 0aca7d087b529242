import { getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import {
  Ignore,
  RepeatedRulesSchema,
  field as fieldOption,
  message as messageOption,
  oneof as oneofOption,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import type { FieldRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { durationCheck } from './duration-check.ts';
import { onlyThese } from './only-these.ts';
import { scalarCheck } from './scalar-check.ts';
import { delimited, packed, scalar } from './wire-check.ts';
import type { WireCheck } from './wire-check.ts';
import { WireCursor } from './wire-cursor.ts';

/** What is to be said of a field: what it may be, and how often it may come. */
interface FieldCheck extends WireCheck {
  readonly least: number;
  readonly most: number;
}

/** What is to be said of a message, and of each of its fields in its place. */
interface MessageCheck {
  readonly placeOf: ReadonlyMap<number, number>;
  readonly fields: readonly FieldCheck[];
  /** Of each of these groups one has to be there, by their places in `fields`. */
  readonly oneOfEach: readonly (readonly number[])[];
}

/** Deeper than anybody's messages, and far from the end of the stack. */
const mostDepth = 64;

/**
 * Looks at the bytes of a message, without decoding them, whether they keep the rules of its contract:
 * most messages do, and most rules are lengths, bounds and plain patterns. It says yes, or that it does
 * not know: then a validator that knows all rules is to find out, and to say what is wrong.
 *
 * It follows all that the contract knows of, so that whoever decodes the message finds the same fields
 * in the same places. Only of what a text or a value means where there is no rule it says nothing.
 */
export class QuickCheck {
  readonly #checks = new Map<DescMessage, MessageCheck | undefined>();

  /** Whether this is certainly a valid message of the type. */
  isValid(type: DescMessage, bytes: Uint8Array): boolean {
    const check = this.#checkOf(type);
    return check !== undefined && isMessage(check, new WireCursor(bytes), bytes.length);
  }

  #checkOf(type: DescMessage): MessageCheck | undefined {
    if (!this.#checks.has(type)) this.#checks.set(type, this.#plan(type));
    return this.#checks.get(type);
  }

  /** Undefined for a message that has rules of its own, beside those of its fields. */
  #plan(type: DescMessage): MessageCheck | undefined {
    if (hasOption(type, messageOption)) return undefined;
    const placeOf = new Map(type.fields.map(({ number }, place) => [number, place]));
    return {
      placeOf,
      fields: type.fields.map((field) => this.#field(field)),
      oneOfEach: type.oneofs
        .filter((oneof) => getOption(oneof, oneofOption).required)
        .map(({ fields }) => fields.map(({ number }) => placeOf.get(number)!)),
    };
  }

  #field(field: DescField): FieldCheck {
    const rules = getOption(field, fieldOption);
    if (rules.ignore !== Ignore.UNSPECIFIED || hasOtherRules(rules)) return unknown(1);
    switch (field.fieldKind) {
      case 'message':
        return field.delimitedEncoding ? unknown(1) : this.#message(field.message, rules);
      case 'scalar':
        return scalarField(field, rules);
      case 'enum':
        return hasRules(rules) ? unknown(1) : free(scalar(field));
      case 'list':
        return this.#list(field, rules);
      case 'map':
        return hasRules(rules) ? unknown(1) : free(this.#mapEntry(field));
    }
  }

  #message(type: DescMessage, { required, type: typed }: FieldRules): FieldCheck {
    const counts = { least: required ? 1 : 0, most: 1 };
    if (typed.case === undefined) return { ...this.#nested(type), ...counts };
    const isDuration = typed.case === 'duration' && type.typeName === 'google.protobuf.Duration';
    const check = isDuration ? durationCheck(typed.value) : undefined;
    return check ? { ...check, ...counts } : unknown(counts.least);
  }

  #list(field: DescField & { fieldKind: 'list' }, rules: FieldRules): FieldCheck {
    if (!hasRules(rules)) return free(this.#items(field));
    if (rules.type.case !== 'repeated') return unknown(1);
    const repeated = rules.type.value;
    const set = onlyThese(RepeatedRulesSchema, repeated, ['minItems', 'maxItems', 'items']);
    if (!set) return unknown(1);
    const check = this.#items(field, repeated.items);
    // Those that are packed come all at once.
    if (!check || check.isPacked) return unknown(1);
    return {
      ...check,
      least: Math.max(Number(repeated.minItems), rules.required ? 1 : 0),
      most: set.has('maxItems') ? Number(repeated.maxItems) : Infinity,
    };
  }

  /** Undefined when the rules of the items say more than a look can tell. */
  #items(
    field: DescField & { fieldKind: 'list' },
    rules?: FieldRules,
  ): (WireCheck & { isPacked?: boolean }) | undefined {
    if (rules && (rules.ignore !== Ignore.UNSPECIFIED || hasOtherRules(rules))) return undefined;
    const isRuled = rules && hasRules(rules);
    if (field.listKind === 'message') {
      return isRuled || field.delimitedEncoding ? undefined : this.#nested(field.message);
    }
    if (field.packed) return isRuled ? undefined : { ...packed(field), isPacked: true };
    return isRuled ? scalarCheck(field, rules) : scalar(field);
  }

  #mapEntry(field: DescField & { fieldKind: 'map' }): WireCheck {
    const value = field.message ? this.#nested(field.message) : scalar(field);
    const entry: MessageCheck = {
      placeOf: new Map([
        [1, 0],
        [2, 1],
      ]),
      fields: [free(scalar({ scalar: field.mapKey })), free(value)],
      oneOfEach: [],
    };
    return delimited((cursor, end) => isMessage(entry, cursor, end));
  }

  #nested(type: DescMessage): WireCheck {
    return delimited((cursor, end) => {
      const check = this.#checkOf(type);
      return check !== undefined && isMessage(check, cursor, end);
    });
  }
}

function isMessage(check: MessageCheck, cursor: WireCursor, end: number): boolean {
  const { placeOf, fields, oneOfEach } = check;
  if (cursor.depth === mostDepth) return false;
  cursor.depth += 1;
  const counts: number[] = [];
  for (let place = 0; place < fields.length; place += 1) counts.push(0);
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag < 8) return false;
    const place = placeOf.get(Math.floor(tag / 8));
    if (place === undefined) {
      if (!cursor.skip(tag & 7)) return false;
      continue;
    }
    const field = fields[place]!;
    counts[place]! += 1;
    if (counts[place]! > field.most || (tag & 7) !== field.wireType) return false;
    if (!field.isValid(cursor)) return false;
  }
  cursor.depth -= 1;
  if (cursor.at !== end) return false;
  for (let place = 0; place < fields.length; place += 1) {
    if (counts[place]! < fields[place]!.least) return false;
  }
  return oneOfEach.every((places) => places.some((place) => counts[place]! > 0));
}

function scalarField(field: DescField & { fieldKind: 'scalar' }, rules: FieldRules): FieldCheck {
  if (!hasRules(rules)) return free(scalar(field));
  const { required } = rules;
  const check = scalarCheck(field, rules);
  if (!check) return unknown(1);
  if (field.presence !== FeatureSet_FieldPresence.IMPLICIT) {
    return { ...check, least: required ? 1 : 0, most: 1 };
  }
  // What is not there is zero, and what is zero is not there.
  return required ? unknown(1) : { ...check, least: check.isZeroValid ? 0 : 1, most: 1 };
}

/** What may be there or not, as often as it may. */
function free(check: WireCheck | undefined): FieldCheck {
  return check ? { ...check, least: 0, most: Infinity } : unknown(0);
}

/** Of which nothing is known when it is there; nor when it is not, if it has to be there `least` times. */
function unknown(least: number): FieldCheck {
  return { ...delimited(() => false), least, most: Infinity };
}

function hasRules({ required, type }: FieldRules): boolean {
  return required || type.case !== undefined;
}

function hasOtherRules({ cel, celExpression, $unknown }: FieldRules): boolean {
  return cel.length > 0 || celExpression.length > 0 || $unknown !== undefined;
}
