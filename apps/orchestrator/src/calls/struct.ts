import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { Struct } from '@trivium/contracts/google/protobuf/struct';
import { packAny } from '@trivium/rpc';

/**
 * A reply as the object that `google.protobuf.Struct` is. Few messages are no objects in JSON, such as a `Timestamp`:
 * they stand under `value`.
 */
export function asObject(json: JsonValue): JsonObject {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isObject ? json : { value: json };
}

/** A reply as what an operation's response is: a `google.protobuf.Struct`, which every tool can show. */
export function packReply(json: JsonValue): Any {
  return packAny(Struct, Struct.wrap(asObject(json)));
}

/** The reply in an operation's response. */
export function unpackReply({ value }: Any): JsonObject {
  return Struct.unwrap(Struct.decode(value)) as JsonObject;
}
