import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { GetProductRequest } from '@trivium/contracts/shop/catalog/v1/catalog';
import { BadRequest, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code } from '../error/code.ts';
import { findDetail, resourceInfo } from '../error/details.ts';
import { errorTable } from '../error/error-table.ts';
import { RpcError } from '../error/rpc-error.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { bindEcho, EchoDefinition, startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers, EchoHost } from '../spec/echo-service.ts';
import { bind } from './bind.ts';

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await host.drain();
});

async function serve(handlers: EchoHandlers) {
  host = await startEchoHost(handlers);
  client = openEchoClient(host.address);
}

async function failureOf(promise: Promise<unknown>): Promise<RpcError> {
  return RpcError.from(
    await promise.then(
      () => 'no failure',
      (error: unknown) => error,
    ),
  );
}

class NoSuchThing extends Error {}

it('sends an RpcError as it is, with its details', async () => {
  const detail = resourceInfo({ resourceType: 'thing', resourceName: 't1', description: 'gone' });
  await serve({
    say: async () => {
      throw new RpcError(Code.NOT_FOUND, 'no t1: 50 % “gone”\nfor good', { details: [detail] });
    },
  });
  const error = await failureOf(client.say({}).response);
  expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'no t1: 50 % “gone”\nfor good' });
  expect(findDetail(error, ResourceInfo)).toMatchObject({ resourceName: 't1' });
});

it('maps domain errors by the table of the service', async () => {
  const errors = errorTable([[NoSuchThing, (e) => new RpcError(Code.NOT_FOUND, e.message)]]);
  const handlers = {
    say: async () => {
      throw new NoSuchThing('no such thing');
    },
  };
  host = await startEchoHost({}, { services: [bindEcho(handlers, { errors })] });
  client = openEchoClient(host.address);
  expect(await failureOf(client.say({}).response)).toMatchObject({
    code: Code.NOT_FOUND,
    message: 'no such thing',
  });
});

it('sends an unknown error as a generic INTERNAL, and logs it with its cause', async () => {
  await serve({
    say: async () => {
      throw new TypeError('secret', { cause: new Error('root') });
    },
  });
  expect(await failureOf(client.say({}).response)).toMatchObject({
    code: Code.INTERNAL,
    message: 'Internal error',
  });
  expect(host.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      code: 'INTERNAL',
      method: '/spec.v1.Echo/Say',
      err: expect.objectContaining({ message: 'secret: root', type: 'TypeError' }),
    }),
  );
});

it('goes on serving after a handler of any kind has thrown, before or after its first await', async () => {
  const fail = () => {
    throw new Error('early');
  };
  await serve({
    say: fail,
    repeat: fail,
    collect: async () => fail(),
    async *converse(requests) {
      for await (const request of requests) yield request;
      fail();
    },
  });
  const collect = client.collect();
  collect.call.end();
  const converse = client.converse();
  converse.end();
  const outcomes = [
    client.say({}).response,
    readAll(client.repeat({})),
    collect.response,
    readAll(converse),
  ];
  for (const error of await Promise.all(outcomes.map(failureOf))) {
    expect(error).toMatchObject({ code: Code.INTERNAL });
  }
});

it('sends what a stream has yielded before its error', async () => {
  await serve({
    async *repeat(request) {
      yield request;
      yield request;
      throw new RpcError(Code.ABORTED, 'enough');
    },
  });
  const stream = client.repeat({ typeUrl: 'x' });
  let count = 0;
  stream.on('data', () => (count += 1));
  const error = await new Promise<ServiceError>((resolve) => stream.once('error', resolve));
  expect(error).toMatchObject({ code: Code.ABORTED, details: 'enough' });
  expect(count).toBe(2);
});

it('sends a message that is too long, or no well-formed text, as well as it can', async () => {
  await serve({
    say: async ({ typeUrl }) => {
      throw new RpcError(Code.ABORTED, typeUrl === 'long' ? 'ä'.repeat(100_000) : 'half \ud83d');
    },
  });
  expect((await failureOf(client.say({ typeUrl: 'long' }).response)).message).toMatch(/^ä{999}…$/);
  expect((await failureOf(client.say({}).response)).message).toBe('half \ufffd');
});

it('answers a request that breaks the rules of its contract with each violation', async () => {
  const CatalogLike = {
    name: 'Echo',
    fullName: 'spec.v1.Echo',
    methods: { say: { ...EchoDefinition.methods.say, requestType: GetProductRequest } },
  } as const;
  const service = bind(CatalogLike, { say: async () => ({}) });
  host = await startEchoHost({}, { services: [service] });
  client = openEchoClient(host.address);
  const error = await failureOf(client.say({ typeUrl: 'not a sku' }).response);
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field: 'sku' }]);
});

it('ends a stream of requests at the first one that breaks a rule', async () => {
  const CatalogLike = {
    name: 'Echo',
    fullName: 'spec.v1.Echo',
    methods: { converse: { ...EchoDefinition.methods.converse, requestType: GetProductRequest } },
  } as const;
  const service = bind(CatalogLike, {
    async *converse(requests) {
      try {
        for await (const { sku } of requests) yield { typeUrl: sku };
      } catch {
        yield { typeUrl: 'never mind' };
      }
    },
  });
  host = await startEchoHost({}, { services: [service] });
  client = openEchoClient(host.address);
  const call = client.converse();
  call.write({ typeUrl: 'MUG-1', value: Buffer.alloc(0) });
  call.write({ typeUrl: 'not a sku', value: Buffer.alloc(0) });
  expect(await failureOf(readAll(call))).toMatchObject({ code: Code.INVALID_ARGUMENT });
});

it('answers bytes that are no request with INTERNAL', async () => {
  await serve({});
  const garbage = Buffer.from([0x0a, 0x7f, 0x01]);
  const same = (bytes: Buffer) => bytes;
  const error = await new Promise<ServiceError | null>((resolve) => {
    client.bare.makeUnaryRequest('/spec.v1.Echo/Say', same, same, garbage, resolve);
  });
  expect(error).toMatchObject({
    code: Code.INTERNAL,
    details: expect.stringContaining('google.protobuf.Any'),
  });
});

it('answers an unknown method, and an unknown service, with UNIMPLEMENTED and its name', async () => {
  await serve({});
  for (const path of ['/spec.v1.Echo/Whisper', '/spec.v1.Nothing/Say']) {
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.bare.makeUnaryRequest(path, Buffer.from, (b) => b, 'x', resolve);
    });
    expect(error).toMatchObject({
      code: Code.UNIMPLEMENTED,
      details: `No method ${path} here; grpc.reflection.v1.ServerReflection lists those that there are`,
    });
    expect(host.lines).toContainEqual(
      expect.objectContaining({ method: path, code: 'UNIMPLEMENTED' }),
    );
  }
  await expect(client.say({ typeUrl: 'still here' }).response).resolves.toBeDefined();
});

it.each([0, 2])('refuses %i requests for a method that takes one', async (count) => {
  await serve({});
  const call = client.bare.makeBidiStreamRequest(
    '/spec.v1.Echo/Say',
    (text: string) => Buffer.from(text),
    (bytes: Buffer) => bytes,
  );
  for (let sent = 0; sent < count; sent += 1) call.write('');
  call.end();
  const error = await new Promise<ServiceError & { metadata: Metadata }>((resolve) => {
    call.on('error', resolve);
    call.on('data', () => undefined);
  });
  expect(error.code).toBe(Code.UNIMPLEMENTED);
});
