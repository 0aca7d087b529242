import { join } from 'node:path';
import {
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { filesOf } from './descriptor-set.ts';

/** A gRPC server of its own kind: grpc-js and a proto file, and nothing of this project. */
export interface Backend {
  readonly address: string;
  /** The methods that were called, with their requests, in order. */
  readonly calls: readonly { readonly method: string; readonly request: Message }[];
  /** How many calls were cancelled before they were answered. */
  readonly cancelled: number;
  /** How often a method was called. */
  count(method: string): number;
  /** Breaks its connections, and accepts no others. */
  kill(): void;
}

/** A message as proto-loader has it: fields by the names in the file, 64-bit numbers as texts. */
export type Message = Readonly<Record<string, unknown>>;

/** What methods answer, by their names: a message, or a list of them where they stream. */
export type Answers = Readonly<
  Record<
    string,
    (request: Message) => object | readonly object[] | Promise<object | readonly object[]>
  >
>;

/** What a backend serves. */
export interface BackendOptions {
  /** A file of `protos`, with one service. */
  readonly proto: string;
  readonly answers: Answers;
  readonly address?: string;
}

const protos = join(import.meta.dirname, 'protos');
const loaded = { keepCase: true, longs: String, enums: String } as const;

/** Starts a backend at any free port, or at an address. */
export async function startBackend({
  proto,
  answers,
  address = '127.0.0.1:0',
}: BackendOptions): Promise<Backend> {
  const contents = loadSync(join(protos, proto), loaded);
  const [serviceName = '', definition] = Object.entries(contents).find(
    ([, each]) => !('format' in each),
  ) as [string, ServiceDefinition];
  const calls: { method: string; request: Message }[] = [];
  let cancelled = 0;
  const server = new Server();
  const handlers = Object.entries(definition).map(([name, { responseStream }]) => {
    const answer = async (call: ServerUnaryCall<Message, object>) => {
      call.on('cancelled', () => (cancelled += 1));
      calls.push({ method: name, request: call.request });
      return await answers[name]!(call.request);
    };
    const unary = (
      call: ServerUnaryCall<Message, object>,
      callback: (...reply: unknown[]) => void,
    ) => {
      answer(call).then((reply) => callback(null, reply), callback);
    };
    const stream = (call: ServerWritableStream<Message, object>) => {
      answer(call as never).then(
        (replies) => {
          for (const reply of replies as readonly object[]) call.write(reply);
          call.end();
        },
        (error: Error) => call.destroy(error),
      );
    };
    return [name, responseStream ? stream : unary];
  });
  server.addService(definition, Object.fromEntries(handlers));
  addReflection(server, serviceName, definition);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    calls,
    get cancelled() {
      return cancelled;
    },
    count: (method) => calls.filter((call) => call.method === method).length,
    kill: () => server.forceShutdown(),
  };
}

function addReflection(server: Server, serviceName: string, definition: ServiceDefinition): void {
  const contents = loadSync(join(protos, 'reflection.proto'), loaded);
  const reflection = contents['grpc.reflection.v1.ServerReflection'] as ServiceDefinition;
  const files = { file_descriptor_proto: filesOf(definition) };
  server.addService(reflection, {
    ServerReflectionInfo(call: ServerDuplexStream<Message, object>) {
      call.on('data', (request: Message) => {
        const isNamed = request['file_containing_symbol'] || request['file_by_filename'];
        call.write(
          isNamed
            ? { file_descriptor_response: files }
            : { list_services_response: { service: [{ name: serviceName }] } },
        );
      });
      call.on('end', () => call.end());
      call.on('error', () => undefined);
    },
  });
}

/** An error with a gRPC status, as grpc-js takes it from handlers. */
export function failure(code: number, details: string): Error {
  return Object.assign(new Error(details), { code, details });
}
