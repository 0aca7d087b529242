import { connect, constants } from 'node:http2';
import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import { HealthCheckRequest, HealthCheckResponse } from '@trivium/contracts/grpc/health/v1/health';
import { Code } from '../error/code.ts';
import { findDetail } from '../error/details.ts';
import { RpcError } from '../error/rpc-error.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { bindEcho, startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import { createFixedLimit } from './overload/fixed-limit.ts';

let host: EchoHost;
let client: EchoClient;
let goOn: PromiseWithResolvers<void>;

beforeEach(() => {
  goOn = Promise.withResolvers<void>();
});
afterEach(async () => {
  goOn.resolve();
  client.close();
  await host.drain({ force: true });
});

/** A host with room for two calls, which waits with both of them. */
async function saturate() {
  const serving = Promise.withResolvers<void>();
  let count = 0;
  const service = bindEcho({
    say: async (request) => {
      if (request.typeUrl === 'wait') {
        count += 1;
        if (count === 2) serving.resolve();
        await goOn.promise;
      }
      return request;
    },
  });
  host = await startEchoHost({}, { services: [service], concurrencyLimit: createFixedLimit(2) });
  client = openEchoClient(host.address);
  const waiting = [client.say({ typeUrl: 'wait' }), client.say({ typeUrl: 'wait' })];
  await serving.promise;
  return waiting;
}

const errorOf = (call: { readonly response: Promise<unknown> }) =>
  call.response.then(
    () => undefined,
    (error: unknown) => RpcError.from(error),
  );

it('refuses a call beyond the limit with RetryInfo, and goes on when there is room', async () => {
  const waiting = await saturate();
  const error = await errorOf(client.say({}));
  expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  expect(findDetail(error!, RetryInfo)?.retryDelay?.nanos).toBeGreaterThan(0);
  goOn.resolve();
  await Promise.all(waiting.map(({ response }) => response));
  await expect(client.say({}).response).resolves.toBeDefined();
});

it('serves health and streams although every place is taken', async () => {
  await saturate();
  const health = await new Promise((resolve, reject) => {
    client.bare.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (request: HealthCheckRequest) => Buffer.from(HealthCheckRequest.encode(request).finish()),
      (bytes) => HealthCheckResponse.decode(bytes),
      HealthCheckRequest.fromPartial({}),
      (error, response) => (error ? reject(error) : resolve(response)),
    );
  });
  expect(health).toEqual({ status: 1 });
  expect(await readAll(client.repeat({ typeUrl: '2' }))).toHaveLength(2);
});

it('serves a critical method although every place is taken', async () => {
  const isServing = Promise.withResolvers<void>();
  const service = bindEcho(
    {
      say: async (request) => {
        if (request.typeUrl === 'wait') {
          isServing.resolve();
          await goOn.promise;
        }
        return request;
      },
    },
    { critical: ['say'] },
  );
  const options = { concurrencyLimit: createFixedLimit(1), maxInFlight: 1 };
  host = await startEchoHost({}, { services: [service], ...options });
  client = openEchoClient(host.address);
  client.say({ typeUrl: 'wait' });
  await isServing.promise;
  await expect(client.say({}).response).resolves.toBeDefined();
});

it('serves others although critical calls wait in any number', async () => {
  const areServing = Promise.withResolvers<void>();
  let serving = 0;
  const service = bindEcho(
    {
      async *repeat(request) {
        serving += 1;
        if (serving === 5) areServing.resolve();
        await goOn.promise;
        yield request;
      },
    },
    { critical: ['repeat'] },
  );
  host = await startEchoHost({}, { services: [service], maxInFlight: 1 });
  client = openEchoClient(host.address);
  const waiting = Array.from({ length: 5 }, () => readAll(client.repeat({})));
  await areServing.promise;
  await expect(client.say({}).response).resolves.toBeDefined();
  goOn.resolve();
  expect((await Promise.all(waiting)).flat()).toHaveLength(5);
});

it('logs what it refuses in one line, not in one a call', async () => {
  await saturate();
  const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(client.say({}))));
  expect(errors.every((error) => error?.code === Code.RESOURCE_EXHAUSTED)).toBe(true);
  const lines = host.lines.filter(({ level }) => level === 'warn');
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'calls refused', reasons: { OVERLOADED: 1 } }),
  ]);
});

it('leaves no stream behind of a call that it refused', async () => {
  const waiting = await saturate();
  for (let count = 0; count < 200; count += 1)
    await errorOf(client.say({ value: Buffer.alloc(9_000) }));
  goOn.resolve();
  await Promise.all(waiting.map(({ response }) => response));
  // It resolves only when every stream is closed.
  client.close();
  await host.drain();
});

it('survives callers that reset what it is about to refuse', async () => {
  const waiting = await saturate();
  const session = connect(`http://${host.address}`);
  session.on('error', () => undefined);
  for (let count = 0; count < 200; count += 1) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/spec.v1.Echo/Say',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.close(constants.NGHTTP2_CANCEL);
  }
  await new Promise<void>((resolve) => session.close(resolve));
  goOn.resolve();
  await Promise.all(waiting.map(({ response }) => response));
  await expect(client.say({}).response).resolves.toBeDefined();
});

it('does not serve a call whose deadline passed while others kept the host busy', async () => {
  const served: string[] = [];
  host = await startEchoHost({
    say: async (request) => {
      served.push(request.typeUrl);
      const until = performance.now() + Number(request.typeUrl);
      while (performance.now() < until);
      return request;
    },
  });
  client = openEchoClient(host.address);
  await client.say({ typeUrl: '0' }).response;
  const long = client.say({ typeUrl: '300' });
  const late = client.say({ typeUrl: '1' }, { deadline: Date.now() + 100 });
  await expect(late.response).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  await long.response;
  expect(await client.say({ typeUrl: '2' }).response).toBeDefined();
  expect(served).toEqual(['0', '300', '2']);
});
