import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
} from '@trivium/contracts/grpc/health/v1/health';
import { Code } from '../error/code.ts';
import { findDetail } from '../error/details.ts';
import { RpcError } from '../error/rpc-error.ts';
import { openEchoClient, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';

let host: EchoHost;
let client: EchoClient;
let serving: PromiseWithResolvers<void>;
let goOn: PromiseWithResolvers<void>;

beforeEach(async () => {
  serving = Promise.withResolvers<void>();
  goOn = Promise.withResolvers<void>();
  let count = 0;
  host = await startEchoHost(
    {
      say: async (request) => {
        if (request.typeUrl === 'wait') {
          count += 1;
          if (count === 3) serving.resolve();
          await goOn.promise;
        }
        return request;
      },
    },
    { maxInFlight: 3 },
  );
  client = openEchoClient(host.address);
});
afterEach(async () => {
  client.close();
  await host.drain({ force: true });
});

function fill() {
  const calls = Array.from({ length: 3 }, () => client.say({ typeUrl: 'wait' }));
  return serving.promise.then(() => calls);
}

it('refuses a call beyond its limit with RESOURCE_EXHAUSTED and when to come again', async () => {
  const calls = await fill();
  const refused = client.say({});
  const error = await refused.response.then(
    () => undefined,
    (e: unknown) => RpcError.from(e),
  );
  expect(error?.code).toBe(Code.RESOURCE_EXHAUSTED);
  expect(error && findDetail(error, RetryInfo)?.retryDelay?.seconds).toBe(1n);
  goOn.resolve();
  await Promise.all(calls.map(({ response }) => response));
  await expect(client.say({}).response).resolves.toBeDefined();
});

it('tells clients that retry by themselves when to come again', async () => {
  await fill();
  const error = await client.say({}).response.then(
    () => undefined,
    (refused: ServiceError) => refused,
  );
  expect(error?.metadata.get('grpc-retry-pushback-ms')).toEqual(['1000']);
});

it('counts a handler until it has settled, although its call was cancelled', async () => {
  const calls = await fill();
  for (const { call } of calls) call.cancel();
  await Promise.allSettled(calls.map(({ response }) => response));
  await expect(client.say({}).response).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  goOn.resolve();
  // A cancelled call has no answer to wait for: ask until its handler is out.
  for (;;) {
    const error = await client.say({}).response.catch((e: { code: Code }) => e);
    if (!('code' in error)) break;
    expect(error.code).toBe(Code.RESOURCE_EXHAUSTED);
  }
});

it('answers health whatever the load', async () => {
  await fill();
  const health = new Client(host.address, credentials.createInsecure());
  const response = await new Promise<HealthCheckResponse | undefined>((resolve, reject) => {
    health.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (request: HealthCheckRequest) => Buffer.from(HealthCheckRequest.encode(request).finish()),
      (bytes) => HealthCheckResponse.decode(bytes),
      { service: 'spec.v1.Echo' },
      (error, answer) => (error ? reject(error) : resolve(answer)),
    );
  });
  health.close();
  expect(response?.status).toBe(HealthCheckResponse_ServingStatus.SERVING);
});
