import { type ServerDuplexStream, Server, ServerCredentials } from '@grpc/grpc-js';
import { type JsonValue, fromJson, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  ServerReflectionResponse,
} from '@trivium/contracts/grpc/reflection/v1/reflection';
import { type Channel, Code, openChannel } from '@trivium/rpc';
import { discover } from './discover.ts';

let server: Server;
let channel: Channel;
afterEach(() => {
  channel.close();
  server.forceShutdown();
});

const options = { signal: new AbortController().signal, timeoutMs: 5_000 };
const field = (name: string, typeName: string) => ({
  ...{ name, number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_MESSAGE', typeName },
});
const files = {
  service: {
    name: 'service.proto',
    package: 'a.v1',
    syntax: 'proto3',
    messageType: [{ name: 'Request', field: [field('point', '.z.v1.Point')] }],
    service: [
      {
        name: 'A',
        method: [{ name: 'Do', inputType: '.a.v1.Request', outputType: '.z.v1.Point' }],
      },
    ],
  },
  point: {
    name: 'z.proto',
    package: 'z.v1',
    syntax: 'proto3',
    messageType: [{ name: 'Point', nestedType: [{ name: 'Inner' }] }],
  },
};

/** A server whose reflection answers each question with one file, or with NOT_FOUND. */
async function serve(answers: Readonly<Record<string, object>>): Promise<string[]> {
  const asked: string[] = [];
  const { requestType, responseType } = ServerReflectionDefinition.methods.serverReflectionInfo;
  server = new Server();
  const definition = {
    path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    ...{ requestStream: true, responseStream: true },
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => requestType.decode(bytes),
    responseSerialize: (value: ServerReflectionResponse) =>
      Buffer.from(responseType.encode(value).finish()),
    responseDeserialize: () => undefined,
  };
  const answer = (name: string): ServerReflectionResponse['messageResponse'] => {
    asked.push(name);
    if (name === '') {
      return { $case: 'listServicesResponse', value: { service: [{ name: 'a.v1.A' }] } };
    }
    const file = answers[name];
    if (!file) {
      const value = { errorCode: Code.NOT_FOUND, errorMessage: 'none' };
      return { $case: 'errorResponse', value };
    }
    const message = fromJson(FileDescriptorProtoSchema, file as JsonValue);
    const bytes = Buffer.from(toBinary(FileDescriptorProtoSchema, message));
    return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: [bytes] } };
  };
  const handle = (call: ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>) => {
    call.on('data', ({ messageRequest }: ServerReflectionRequest) => {
      const messageResponse = answer(String(messageRequest?.value));
      call.write(ServerReflectionResponse.fromPartial({ messageResponse }));
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  };
  server.addService({ info: definition }, { info: handle as never });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  channel = openChannel(`127.0.0.1:${port}`);
  return asked;
}

it('asks for the files that a file imports, where they do not come with it', async () => {
  const service = { ...files.service, dependency: ['z.proto'] };
  await serve({ 'a.v1.A': service, 'z.proto': files.point });
  const { services, types } = await discover(channel, options);
  expect(services[0]?.methods[0]?.output.typeName).toBe('z.v1.Point');
  expect(types.getMessage('z.v1.Point.Inner')).toBeDefined();
});

it('asks for the types that a file uses without saying what it imports', async () => {
  await serve({ 'a.v1.A': files.service, 'z.v1.Point': files.point });
  const { services } = await discover(channel, options);
  expect(services[0]?.methods[0]?.output.typeName).toBe('z.v1.Point');
});

it('does without an import that the server does not have, as long as nothing needs it', async () => {
  const service = { ...files.service, dependency: ['z.proto', 'options.proto'] };
  await serve({ 'a.v1.A': service, 'z.proto': files.point });
  await expect(discover(channel, options)).resolves.toMatchObject({ services: [{ name: 'A' }] });
});

it('says what is wrong when a type is nowhere to be had', async () => {
  await serve({ 'a.v1.A': files.service });
  await expect(discover(channel, options)).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringContaining('do not fit together'),
  });
});

it('follows no circle for ever', async () => {
  const service = { ...files.service, dependency: ['z.proto'] };
  const point = { ...files.point, dependency: ['service.proto'] };
  const asked = await serve({ 'a.v1.A': service, 'z.proto': point });
  await expect(discover(channel, options)).rejects.toMatchObject({
    message: expect.stringContaining('imports itself'),
  });
  expect(asked.length).toBeLessThan(10);
});
