import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Registry,
  ScalarType,
  fromJson,
} from '@bufbuild/protobuf';
import { hasCustomJsonRepresentation } from '@bufbuild/protobuf/wkt';

/** Something in JSON that does not fit a message: where, and what would be right. */
export interface JsonProblem {
  /** A path as in `lines[0].quantity`; empty for the whole. */
  readonly field: string;
  readonly description: string;
}

/** So many are told at most. */
const MAX_PROBLEMS = 20;

/**
 * Why a JSON value is not the message that it is meant to be, field by field; empty when it is. `registry` has the types
 * that `google.protobuf.Any` may hold.
 */
export function jsonProblems(
  desc: DescMessage,
  json: JsonValue,
  registry: Registry,
): readonly JsonProblem[] {
  const found: JsonProblem[] = [];
  for (const problem of inMessage({ desc, json, registry, path: '' })) {
    if (found.push(problem) === MAX_PROBLEMS) break;
  }
  return found;
}

interface Place<T> {
  readonly desc: T;
  readonly json: JsonValue;
  readonly registry: Registry;
  readonly path: string;
}

function* inMessage(place: Place<DescMessage>): Generator<JsonProblem> {
  const { desc, json, registry, path } = place;
  const reason = failure(desc, json, registry);
  if (reason === undefined) return;
  // Types with a form of their own, such as durations, have no fields in JSON.
  if (hasCustomJsonRepresentation(desc)) {
    yield { field: path, description: `must be a ${desc.typeName} in JSON: ${reason}` };
    return;
  }
  if (!isObject(json)) {
    yield { field: path, description: `must be an object: a ${desc.typeName}` };
    return;
  }
  let isExplained = false;
  for (const [key, value] of Object.entries(json)) {
    const at = path === '' ? key : `${path}.${key}`;
    const field = desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    if (!field) {
      const fields = desc.fields.map(({ jsonName }) => jsonName).join(', ') || 'none';
      yield {
        field: at,
        description: `is no field of ${desc.typeName}, whose fields are: ${fields}`,
      };
      isExplained = true;
    } else if (failure(desc, { [key]: value }, registry) !== undefined) {
      yield* inField({ desc: field, json: value, registry, path: at }, desc);
      isExplained = true;
    }
  }
  if (!isExplained) yield { field: path, description: `must be a ${desc.typeName}: ${reason}` };
}

function* inField(place: Place<DescField>, owner: DescMessage): Generator<JsonProblem> {
  const { desc: field, json, registry, path } = place;
  const fits = (value: JsonValue) =>
    failure(owner, { [field.jsonName]: value }, registry) === undefined;
  if (field.fieldKind === 'message') {
    yield* inMessage({ desc: field.message, json, registry, path });
  } else if (field.fieldKind === 'list') {
    if (!Array.isArray(json)) {
      yield { field: path, description: `must be a list, each ${typeOf(field)}` };
      return;
    }
    for (const [index, element] of json.entries()) {
      if (fits([element])) continue;
      yield* inElement({ desc: field, json: element, registry, path: `${path}[${index}]` });
    }
  } else if (field.fieldKind === 'map') {
    if (!isObject(json)) {
      yield { field: path, description: `must be an object, each value ${typeOf(field)}` };
      return;
    }
    for (const [key, value] of Object.entries(json)) {
      if (fits({ [key]: value })) continue;
      yield* inElement({
        desc: field,
        json: value,
        registry,
        path: `${path}[${JSON.stringify(key)}]`,
      });
    }
  } else {
    yield { field: path, description: `must be ${typeOf(field)}` };
  }
}

function* inElement(place: Place<DescField>): Generator<JsonProblem> {
  const { desc: field, path } = place;
  if (field.message && place.json !== null) yield* inMessage({ ...place, desc: field.message });
  else yield { field: path, description: `must be ${typeOf(field)}` };
}

/** What a value of the field, or of one of its elements, is in JSON. */
function typeOf(field: DescField): string {
  if (field.message) return `an object: a ${field.message.typeName}`;
  if (field.enum) {
    const names = field.enum.values.map(({ name }) => name);
    const shown = names.slice(0, 10).join(', ');
    return `one of ${shown}${names.length > 10 ? ', …' : ''}`;
  }
  return scalarTypes[field.scalar as ScalarType] ?? 'a value of its type';
}

const whole = (bits: number, sign = 'a') => `${sign} whole number of ${bits} bits`;
const large = (sign = 'a') => `${whole(64, sign)}, best as a text`;

const scalarTypes: Readonly<Record<ScalarType, string>> = {
  [ScalarType.DOUBLE]: 'a number',
  [ScalarType.FLOAT]: 'a number of 32 bits',
  [ScalarType.INT32]: whole(32),
  [ScalarType.SINT32]: whole(32),
  [ScalarType.SFIXED32]: whole(32),
  [ScalarType.UINT32]: whole(32, 'a positive'),
  [ScalarType.FIXED32]: whole(32, 'a positive'),
  [ScalarType.INT64]: large(),
  [ScalarType.SINT64]: large(),
  [ScalarType.SFIXED64]: large(),
  [ScalarType.UINT64]: large('a positive'),
  [ScalarType.FIXED64]: large('a positive'),
  [ScalarType.BOOL]: 'true or false',
  [ScalarType.STRING]: 'a text',
  [ScalarType.BYTES]: 'bytes as a text in base64',
};

function failure(desc: DescMessage, json: JsonValue, registry: Registry): string | undefined {
  try {
    fromJson(desc, json, { registry });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
