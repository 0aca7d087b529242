import { celList, celMap, isCelList, isCelMap, isCelType, isCelUint } from '@bufbuild/cel';
import type { CelValue } from '@bufbuild/cel';
import {
  fromJson,
  toJson,
  type DescMessage,
  type JsonValue,
  type Registry,
} from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { isReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { charge } from './budget.ts';
import { chargeDeep, chargeShallow } from './weight.ts';

/** A JSON value as CEL has it. Whole numbers are ints, so that they can be counted with. */
export function celFromJson(value: JsonValue): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return celList(value.map(celFromJson));
  return celMap(new Map(Object.entries(value).map(([key, part]) => [key, celFromJson(part)])));
}

/**
 * A message in JSON as CEL has it: its fields are typed, under the names of the contract, and those
 * that are not set have their defaults. Fields that the contract does not know are left out.
 */
export function celFromMessageJson(
  desc: DescMessage,
  json: JsonValue,
  registry: Registry,
): CelValue {
  const message = fromJson(desc, json, { registry, ignoreUnknownFields: true });
  return reflect(desc, message) as CelValue;
}

/**
 * A value of CEL as JSON: messages as canonical protobuf JSON, ints beyond the safe ones of JSON as
 * text, bytes in base64. Charges for all of it. Throws for a type, which is no value.
 */
export function jsonFromCel(value: CelValue, registry: Registry): JsonValue {
  charge(1);
  if (typeof value === 'bigint') return jsonNumber(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) {
    chargeShallow(value);
    return value;
  }
  if (isCelUint(value)) return jsonNumber(value.value);
  if (isCelList(value)) return [...value].map((element) => jsonFromCel(element, registry));
  if (isCelMap(value)) {
    const entries = [...value].map(([key, part]) => [
      isCelUint(key) ? String(key.value) : String(key),
      jsonFromCel(part, registry),
    ]);
    return Object.fromEntries(entries) as JsonValue;
  }
  if (isCelType(value)) throw new Error(`the type ${value} is no value`);
  chargeDeep(value);
  if (isReflectMessage(value)) return toJson(value.desc, value.message, { registry });
  return base64Encode(value as Uint8Array);
}

const jsonNumber = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
