import { type DescMethod, type Message, fromBinary } from '@bufbuild/protobuf';
import { type BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import type { MessageType, MethodDefinition, ServiceDefinition } from '@trivium/rpc';
import type { Repetition } from '../registered-method.ts';

/** A request that is bytes already; it counts how often it is sent. */
export class EncodedRequest {
  readonly bytes: Uint8Array;
  attempts = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** What a service with one method looks like to a client whose requests are encoded once, whatever they are. */
export interface RawService extends ServiceDefinition {
  readonly methods: { readonly call: RawMethod };
}

/** A method with encoded requests, and messages for responses. */
export interface RawMethod extends MethodDefinition {
  readonly requestType: MessageType & {
    encode(request: EncodedRequest): BinaryWriter;
    fromPartial(request: EncodedRequest): EncodedRequest;
    decode(input: BinaryReader | Uint8Array): EncodedRequest;
  };
  readonly responseType: MessageType & { decode(input: BinaryReader | Uint8Array): Message };
}

const levels = { noSideEffects: 'NO_SIDE_EFFECTS', idempotent: 'IDEMPOTENT' } as const;

/** The definition, for clients of `@trivium/rpc` and `@trivium/sync`, of a method that is known by its descriptor alone. */
export function rawDefinition(method: DescMethod, repetition: Repetition): RawService {
  const { input, output, parent } = method;
  const call: RawMethod = {
    name: method.name,
    requestStream: false,
    responseStream: method.methodKind === 'server_streaming',
    options: repetition === 'unspecified' ? {} : { idempotencyLevel: levels[repetition] },
    requestType: {
      $type: input.typeName,
      encode(request) {
        request.attempts += 1;
        return new BinaryWriter().raw(request.bytes);
      },
      fromPartial: (request) => request as EncodedRequest,
      decode: (bytes) => new EncodedRequest(bytesOf(bytes)),
    },
    responseType: {
      $type: output.typeName,
      encode: () => new BinaryWriter(),
      decode: (bytes) => fromBinary(output, bytesOf(bytes)),
      fromPartial: (message) => message,
    },
  };
  return { name: parent.name, fullName: parent.typeName, methods: { call } };
}

/** What a reader reads, which the runtime decodes by descriptor only from bytes. */
function bytesOf(input: BinaryReader | Uint8Array): Uint8Array {
  if (input instanceof Uint8Array) return input;
  const { buf } = input as unknown as { buf?: Uint8Array };
  if (buf instanceof Uint8Array) return buf;
  throw new Error('This version of @bufbuild/protobuf is unknown: see call/raw-definition.ts');
}
