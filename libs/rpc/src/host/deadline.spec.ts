import { once } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { closeAll } from '../spec/echo.ts';
import { openEchoClient, type EchoClient } from '../spec/echo-client.ts';
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

/** The status of a unary call with headers that grpc-js would never send. */
async function statusOf(headers: Record<string, string>): Promise<number> {
  const stream = rawCall(host.address, 'Say', headers);
  const received: Record<string, unknown> = {};
  stream.on('response', (response) => Object.assign(received, response));
  stream.on('trailers', (trailers) => Object.assign(received, trailers));
  stream.resume();
  await once(stream, 'close');
  return Number(received['grpc-status']);
}

const never = new Promise<never>(() => undefined);

it('ends a call at its deadline although its handler hangs, and aborts its signal', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve({
    say: (_request, call) => {
      serving.resolve(call);
      return never;
    },
  });
  expect(await statusOf({ 'grpc-timeout': '50m' })).toBe(Code.DEADLINE_EXCEEDED);
  const { signal } = await serving.promise;
  expect(signal.reason).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  expect(host.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', code: 'DEADLINE_EXCEEDED' }),
  );
});

it('gives a unary call whose caller set no deadline the default one', async () => {
  await serve({ say: () => never }, { defaultTimeoutMs: 50 });
  await expect(client.say({}).response).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
});

it('gives a stream no deadline unless its caller set one', async () => {
  const deadlines: number[] = [];
  await serve(
    {
      async *repeat(_request, call) {
        deadlines.push(call.deadline);
        yield {};
      },
    },
    { defaultTimeoutMs: 50 },
  );
  const deadline = Date.now() + 10_000;
  for await (const response of client.repeat({})) void response;
  for await (const response of client.repeat({}, { deadline })) void response;
  expect(deadlines[0]).toBe(Infinity);
  expect(Math.abs(deadlines[1]! - deadline)).toBeLessThan(1_000);
});

it('ends a stream at its deadline although nobody reads it', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve({
    async *repeat(_request, call) {
      serving.resolve(call);
      for (;;) yield { value: Buffer.alloc(100_000) };
    },
  });
  const metadata = new Metadata();
  metadata.set('grpc-timeout', '50m');
  const stream = client.repeat({}, { metadata });
  stream.on('error', () => undefined);
  stream.pause();
  const { signal } = await serving.promise;
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
});

it.each(['9999999S', '99999999H', '99999999M', '2147484S'])(
  'serves a call with the timeout %s, which no timer can hold',
  async (timeout) => {
    const remainingMs: number[] = [];
    await serve({
      say: async (request, call) => {
        remainingMs.push(call.deadline - Date.now());
        // Room for a timer that fires at once.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return request;
      },
    });
    expect(await statusOf({ 'grpc-timeout': timeout })).toBe(Code.OK);
    expect(remainingMs[0]).toBeGreaterThan(24 * 24 * 3_600_000);
  },
);

it('refuses a timeout that is none', async () => {
  await serve({});
  expect(await statusOf({ 'grpc-timeout': 'soon' })).toBe(Code.INTERNAL);
});
