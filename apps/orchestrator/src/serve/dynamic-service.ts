import {
  type DescMessage,
  type DescMethod,
  type JsonValue,
  type Registry,
  createRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { type BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { type BoundService, type CallContext, type MessageType, bind } from '@trivium/rpc';

/** What serves a unary method in JSON: its canonical form, with nothing that has its default. */
export type JsonHandler = (request: JsonValue, call: CallContext) => Promise<JsonValue>;

/** A unary method that is known by its descriptor, and what serves it. */
export interface DynamicMethod {
  readonly descriptor: DescMethod;
  readonly handler: JsonHandler;
}

/** Binds methods to services without any generated code: one bound service for each that they belong to. */
export function bindDynamically(methods: readonly DynamicMethod[]): BoundService[] {
  const services = new Map<string, DynamicMethod[]>();
  for (const method of methods) {
    const { typeName } = method.descriptor.parent;
    services.set(typeName, [...(services.get(typeName) ?? []), method]);
  }
  return [...services].map(([fullName, members]) => {
    const definition = {
      name: members[0]!.descriptor.parent.name,
      fullName,
      methods: Object.fromEntries(
        members.map(({ descriptor }) => [descriptor.name, methodOf(descriptor)]),
      ),
    };
    const handlers = members.map(({ descriptor, handler }) => [descriptor.name, handler]);
    return bind(definition, Object.fromEntries(handlers));
  });
}

function methodOf({ name, input, output }: DescMethod) {
  return {
    name,
    requestStream: false as const,
    responseStream: false as const,
    requestType: jsonType(input),
    responseType: jsonType(output),
    options: {},
  };
}

/** A message in JSON, for hosts. What is no such message throws when it is encoded. */
function jsonType(desc: DescMessage): MessageType {
  const registry: Registry = createRegistry(desc.file);
  return {
    $type: desc.typeName,
    encode: (json: JsonValue) =>
      new BinaryWriter().raw(toBinary(desc, fromJson(desc, json, { registry }))),
    decode: (input) => toJson(desc, fromBinary(desc, bytesOf(input)), { registry }),
    fromPartial: (json: JsonValue) => json,
  };
}

/** What a reader reads, which the runtime decodes by descriptor only from bytes. */
function bytesOf(input: BinaryReader | Uint8Array): Uint8Array {
  if (input instanceof Uint8Array) return input;
  const { buf } = input as unknown as { buf?: Uint8Array };
  if (buf instanceof Uint8Array) return buf;
  throw new Error('This version of @bufbuild/protobuf is unknown: see serve/dynamic-service.ts');
}
