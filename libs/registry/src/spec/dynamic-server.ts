import {
  type ServerDuplexStream,
  type ServerUnaryCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import {
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  type JsonValue,
  create,
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { fillJsonNames } from '../discovery/json-names.ts';
import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  ServerReflectionResponse,
} from '@trivium/contracts/grpc/reflection/v1/reflection';

/** A server that shares nothing with this project's hosts: plain grpc-js, contracts of its own, reflection by hand. */
export interface DynamicServer {
  readonly address: string;
  /** The names of the methods that were called, in order. */
  readonly calls: string[];
  kill(): void;
}

type Answer = (request: JsonValue) => JsonValue | Promise<JsonValue>;

/** What it serves. */
export interface DynamicServerOptions {
  /** The one file of its contract, as JSON of a `FileDescriptorProto`. */
  readonly file: object;
  /** What its unary methods answer, by `package.Service/Method`; an `Error` with a `code` is thrown. */
  readonly answers: Readonly<Record<string, Answer>>;
  readonly address?: string;
  readonly reflection?: 'v1' | 'v1alpha' | 'none';
  /** Where its answers are of a later contract than its reflection tells. */
  readonly truth?: object;
}

/** Starts a server at any free port, or at one. */
export async function startDynamicServer(options: DynamicServerOptions): Promise<DynamicServer> {
  const { answers, address = '127.0.0.1:0', reflection = 'v1' } = options;
  const registry = registryOf(options.truth ?? options.file);
  const server = new Server();
  const calls: string[] = [];
  for (const type of registry) {
    if (type.kind !== 'service') continue;
    for (const method of type.methods) {
      const name = `${type.typeName}/${method.name}`;
      const answer = answers[name];
      if (answer) {
        serve(server, method, registry, async (request) => {
          calls.push(name);
          return answer(request);
        });
      }
    }
  }
  if (reflection !== 'none') serveReflection(server, options.file, reflection);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, calls, kill: () => server.forceShutdown() };
}

function serve(server: Server, method: DescMethod, registry: FileRegistry, answer: Answer): void {
  const { input, output, parent, name } = method;
  const isStream = method.methodKind === 'server_streaming';
  const json = (desc: DescMessage, bytes: Buffer) =>
    toJson(desc, fromBinary(desc, bytes), { registry });
  const definition = {
    path: `/${parent.typeName}/${name}`,
    requestStream: false,
    responseStream: isStream,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => json(input, bytes),
    responseSerialize: (value: unknown) =>
      Buffer.from(toBinary(output, fromJson(output, value as JsonValue, { registry }))),
    responseDeserialize: () => undefined,
  };
  const handle = isStream
    ? (
        call: ServerUnaryCall<JsonValue, JsonValue> & { write(value: unknown): void; end(): void },
      ) =>
        void Promise.resolve(answer(call.request)).then((values) => {
          for (const value of values as JsonValue[]) call.write(value);
          call.end();
        })
    : (
        call: ServerUnaryCall<JsonValue, JsonValue>,
        callback: (error: unknown, value?: unknown) => void,
      ) =>
        void Promise.resolve(call.request)
          .then(answer)
          .then((value) => callback(null, value), callback);
  server.addService({ [name]: definition }, { [name]: handle as never });
}

function serveReflection(server: Server, file: object, version: 'v1' | 'v1alpha'): void {
  // As servers in C++ and Python send it: without JSON names.
  const proto = fromJson(FileDescriptorProtoSchema, file as JsonValue);
  const fileDescriptorProto = [Buffer.from(toBinary(FileDescriptorProtoSchema, proto))];
  const service = proto.service.map(({ name }) => ({ name: `${proto.package}.${name}` }));
  const respond = ({ messageRequest }: ServerReflectionRequest) => {
    if (messageRequest?.$case === 'listServices') {
      return { messageResponse: { $case: 'listServicesResponse' as const, value: { service } } };
    }
    const value = { fileDescriptorProto };
    return { messageResponse: { $case: 'fileDescriptorResponse' as const, value } };
  };
  const { requestType, responseType } = ServerReflectionDefinition.methods.serverReflectionInfo;
  const definition = {
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    requestStream: true,
    responseStream: true,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => requestType.decode(bytes),
    responseSerialize: (value: ServerReflectionResponse) =>
      Buffer.from(responseType.encode(value).finish()),
    responseDeserialize: () => undefined,
  };
  const handle = (call: ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>) => {
    call.on('data', (request: ServerReflectionRequest) => {
      call.write(ServerReflectionResponse.fromPartial(respond(request)));
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  };
  server.addService({ info: definition }, { info: handle as never });
}

function registryOf(file: object): FileRegistry {
  const proto = fromJson(FileDescriptorProtoSchema, file as JsonValue);
  fillJsonNames(proto);
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [proto] }));
}
