import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
} from '@trivium/contracts/grpc/health/v1/health';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { findDetail } from '../error/details.ts';
import { RpcError } from '../error/rpc-error.ts';
import { closeAll } from '../spec/echo.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers, EchoHost } from '../spec/echo-service.ts';
import { rawCall } from '../spec/raw-call.ts';
import type { HostOptions } from './host.ts';

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await closeAll();
  await host.drain({ force: true });
});

async function serve(handlers: EchoHandlers, options?: Partial<HostOptions>) {
  host = await startEchoHost(handlers, options);
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

const never = new Promise<never>(() => undefined);

it('lets a call that is being served end in its own time', async () => {
  const serving = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await serve({
    say: async (request) => {
      serving.resolve();
      await goOn.promise;
      return request;
    },
  });
  const { response } = client.say({ typeUrl: 'last' });
  await serving.promise;
  const drained = host.drain();
  goOn.resolve();
  await expect(response).resolves.toMatchObject({ typeUrl: 'last' });
  await drained;
});

it('lets a stream end by itself, with its cursor', async () => {
  const serving = Promise.withResolvers<void>();
  await serve({
    async *repeat(_request, { draining }) {
      yield { typeUrl: 'first' };
      serving.resolve();
      if (!draining.aborted) await new Promise((wake) => draining.addEventListener('abort', wake));
      yield { typeUrl: 'cursor' };
    },
  });
  const responses = readAll(client.repeat({}));
  await serving.promise;
  await host.drain();
  expect((await responses).map(({ typeUrl }) => typeUrl)).toEqual(['first', 'cursor']);
});

it('ends a stream that does not with UNAVAILABLE, for the reason DRAINING', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve(
    {
      async *repeat(_request, call) {
        yield {};
        serving.resolve(call);
        await never;
      },
    },
    { streamGraceMs: 50 },
  );
  const failure = failureOf(readAll(client.repeat({})));
  const { signal } = await serving.promise;
  await host.drain();
  const error = await failure;
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(findDetail(error, ErrorInfo)).toMatchObject({ reason: 'DRAINING' });
  expect(signal.reason).toMatchObject({ code: Code.UNAVAILABLE });
});

it('says NOT_SERVING to whoever watches its health before it refuses anything', async () => {
  await serve({});
  const health = new Client(host.address, credentials.createInsecure());
  const watch = health.makeServerStreamRequest(
    '/grpc.health.v1.Health/Watch',
    (request: HealthCheckRequest) => Buffer.from(HealthCheckRequest.encode(request).finish()),
    (bytes) => HealthCheckResponse.decode(bytes),
    { service: 'spec.v1.Echo' },
  );
  const statuses: HealthCheckResponse_ServingStatus[] = [];
  let drained: Promise<void> | undefined;
  for await (const { status } of watch) {
    statuses.push(status);
    drained ??= host.drain();
  }
  await drained;
  health.close();
  expect(statuses).toEqual([
    HealthCheckResponse_ServingStatus.SERVING,
    HealthCheckResponse_ServingStatus.NOT_SERVING,
  ]);
});

it('refuses new calls with UNAVAILABLE while it drains, and still answers health', async () => {
  const serving = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await serve(
    {
      async *repeat() {
        serving.resolve();
        await goOn.promise;
        yield {};
      },
    },
    { streamGraceMs: 10_000, drainTimeoutMs: 10_000 },
  );
  const stream = readAll(client.repeat({}));
  await serving.promise;
  const drained = host.drain();
  const error = await failureOf(client.say({}).response);
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(findDetail(error, ErrorInfo)).toMatchObject({ reason: 'DRAINING' });
  const status = await new Promise((resolve, reject) => {
    client.bare.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (request: HealthCheckRequest) => Buffer.from(HealthCheckRequest.encode(request).finish()),
      (bytes) => HealthCheckResponse.decode(bytes).status,
      { service: '' },
      (failure, answer) => (failure ? reject(failure) : resolve(answer)),
    );
  });
  expect(status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
  goOn.resolve();
  await stream;
  await drained;
});

it('breaks off a handler that hangs, at its timeout', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve(
    {
      say: (_request, call) => {
        serving.resolve(call);
        return never;
      },
    },
    { drainTimeoutMs: 100 },
  );
  const failure = failureOf(client.say({}).response);
  const { signal } = await serving.promise;
  await host.drain();
  expect(signal.aborted).toBe(true);
  expect(await failure).toMatchObject({ code: Code.UNAVAILABLE });
});

it('breaks off everything at once when it is forced to, also in the middle of a drain', async () => {
  const serving = Promise.withResolvers<void>();
  await serve(
    {
      say: () => {
        serving.resolve();
        return never;
      },
    },
    { streamGraceMs: 3_600_000, drainTimeoutMs: 3_600_000 },
  );
  const failure = failureOf(client.say({}).response);
  await serving.promise;
  const drained = host.drain();
  expect(host.drain({ force: true })).toBe(drained);
  await drained;
  expect(await failure).toMatchObject({ code: Code.UNAVAILABLE });
});

it('is not held up by a reader that does not read', async () => {
  await serve(
    {
      async *repeat() {
        for (;;) yield { value: Buffer.alloc(4_000_000) };
      },
    },
    { streamGraceMs: 50, drainTimeoutMs: 200 },
  );
  await once(rawCall(host.address, 'Repeat'), 'response');
  await host.drain();
});

it('is not held up by a connection that says nothing', async () => {
  await serve({}, { drainTimeoutMs: 3_600_000 });
  const [hostname, port] = host.address.split(':');
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('data', resolve));
  await host.drain();
  socket.destroy();
});

it('does so once, however often it is asked', async () => {
  await serve({});
  expect(host.drain()).toBe(host.drain());
  await host.drain();
  await expect(failureOf(client.say({}).response)).resolves.toMatchObject({
    code: Code.UNAVAILABLE,
  });
});
