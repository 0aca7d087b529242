import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers, EchoHost } from '../spec/echo-service.ts';

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await host.drain({ force: true });
});

async function serve(handlers: EchoHandlers) {
  host = await startEchoHost(handlers);
  client = openEchoClient(host.address);
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
    if (signal.aborted) resolve(signal.reason);
  });
}

it('aborts the signal of a unary handler when its caller cancels', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve({
    say: async (_request, call) => {
      serving.resolve(call);
      await aborted(call.signal);
      throw call.signal.reason;
    },
  });
  const { call } = client.say({});
  const { signal } = await serving.promise;
  expect(signal.aborted).toBe(false);
  call.cancel();
  expect(await aborted(signal)).toMatchObject({ code: Code.CANCELLED });
});

it('aborts the signal when the connection of the caller breaks', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve({
    say: async (_request, call) => {
      serving.resolve(call);
      await aborted(call.signal);
      return {};
    },
  });
  client.say({});
  const { signal } = await serving.promise;
  client.close();
  await host.drain({ force: true });
  expect(await aborted(signal)).toMatchObject({ name: 'RpcError' });
});

it('gives an aborted signal to whoever asks for it after the call has ended', async () => {
  const serving = Promise.withResolvers<CallContext>();
  await serve({
    say: async (_request, call) => {
      serving.resolve(call);
      return {};
    },
  });
  await client.say({}).response;
  const { signal } = await serving.promise;
  expect(signal.reason).toMatchObject({ code: Code.CANCELLED, message: 'The call has ended' });
});

it('runs the finally blocks of a stream whose caller cancels while it waits for room', async () => {
  const finished = Promise.withResolvers<void>();
  await serve({
    async *repeat() {
      try {
        for (;;) yield { value: Buffer.alloc(100_000) };
      } finally {
        finished.resolve();
      }
    },
  });
  const stream = client.repeat({});
  stream.on('error', () => undefined);
  stream.once('data', () => {
    stream.pause();
    stream.cancel();
  });
  await finished.promise;
});

it('wakes a handler that waits for a request when its caller cancels', async () => {
  const reading = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<unknown>();
  await serve({
    async collect(requests) {
      try {
        for await (const request of requests) reading.resolve(void request);
      } catch (error) {
        woken.resolve(error);
      }
      return {};
    },
  });
  const { call } = client.collect();
  call.write({ typeUrl: '', value: Buffer.alloc(0) });
  await reading.promise;
  call.cancel();
  expect(await woken.promise).toMatchObject({ code: Code.CANCELLED });
});

it('drops what a handler returns too late, and logs what it throws too late', async () => {
  const serving: CallContext[] = [];
  const allServing = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await serve({
    say: async (request, call) => {
      serving.push(call);
      if (serving.length === 2) allServing.resolve();
      await goOn.promise;
      if (request.typeUrl === 'throw') throw new Error('too late');
      return {};
    },
  });
  const calls = ['return', 'throw'].map((typeUrl) => client.say({ typeUrl }));
  await allServing.promise;
  for (const { call } of calls) call.cancel();
  await Promise.all(serving.map(({ signal }) => aborted(signal)));
  goOn.resolve();
  await readAll(client.repeat({ typeUrl: '1' }));
  const says = host.lines.filter(({ method }) => method === '/spec.v1.Echo/Say');
  expect(says.map(({ code }) => code)).toEqual(['CANCELLED', 'CANCELLED', undefined]);
  expect(says[2]).toMatchObject({
    level: 'warn',
    msg: 'handler failed after its call had ended',
    err: { message: 'too late' },
  });
});
