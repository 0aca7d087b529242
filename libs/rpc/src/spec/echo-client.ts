import {
  Client,
  credentials,
  Metadata,
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { Any } from '@trivium/contracts/google/protobuf/any';

/** How a call of the bare client is made. */
export type BareCallOptions = CallOptions & { readonly metadata?: Metadata };

/** A call whose outcome can be awaited: the response, or the error that grpc-js reports. */
export interface BareCall<C> {
  readonly call: C;
  readonly response: Promise<Any>;
}

/** The echo service by bare grpc-js, which has none of what `createClient` adds. */
export interface EchoClient {
  readonly bare: Client;
  say(request: Partial<Any>, options?: BareCallOptions): BareCall<ClientUnaryCall>;
  repeat(request: Partial<Any>, options?: BareCallOptions): ClientReadableStream<Any>;
  collect(options?: BareCallOptions): BareCall<ClientWritableStream<Any>>;
  converse(options?: BareCallOptions): ClientDuplexStream<Any, Any>;
  close(): void;
}

/** Opens a bare client of the echo service, on a connection of its own. */
export function openEchoClient(address: string): EchoClient {
  const bare = new Client(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  });
  const encode = (message: Any) => Buffer.from(Any.encode(Any.fromPartial(message)).finish());
  const decode = (bytes: Buffer) => Any.decode(bytes);
  const path = (method: string) => `/spec.v1.Echo/${method}`;

  return {
    bare,
    say: (request, { metadata = new Metadata(), ...options } = {}) =>
      bareCall((done) =>
        bare.makeUnaryRequest(
          path('Say'),
          encode,
          decode,
          Any.fromPartial(request),
          metadata,
          options,
          done,
        ),
      ),
    repeat: (request, { metadata = new Metadata(), ...options } = {}) =>
      bare.makeServerStreamRequest(
        path('Repeat'),
        encode,
        decode,
        Any.fromPartial(request),
        metadata,
        options,
      ),
    collect: ({ metadata = new Metadata(), ...options } = {}) =>
      bareCall((done) =>
        bare.makeClientStreamRequest(path('Collect'), encode, decode, metadata, options, done),
      ),
    converse: ({ metadata = new Metadata(), ...options } = {}) =>
      bare.makeBidiStreamRequest(path('Converse'), encode, decode, metadata, options),
    close: () => bare.close(),
  };
}

function bareCall<C>(
  make: (done: (error: ServiceError | null, response?: Any) => void) => C,
): BareCall<C> {
  const { promise, resolve, reject } = Promise.withResolvers<Any>();
  // A spec that is not interested in the outcome need not handle it.
  promise.catch(() => undefined);
  const call = make((error, response) => (error ? reject(error) : resolve(response!)));
  return { call, response: promise };
}

/** All that a stream yields until it ends; rejects when it ends with an error. */
export async function readAll(stream: ClientReadableStream<Any>): Promise<Any[]> {
  const messages: Any[] = [];
  for await (const message of stream) messages.push(message as Any);
  return messages;
}
