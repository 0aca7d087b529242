import { Metadata } from '@grpc/grpc-js';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers, EchoHost } from '../spec/echo-service.ts';
import { currentCall, detached, type CallContext } from './call-context.ts';

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

it('is known to all that a handler starts, across awaits, timers and callbacks', async () => {
  const seen: (CallContext | undefined)[] = [];
  let served: CallContext | undefined;
  await serve({
    say: async (_request, call) => {
      served = call;
      seen.push(currentCall());
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(currentCall());
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          seen.push(currentCall());
          resolve();
        });
      });
      return {};
    },
  });
  await client.say({}).response;
  expect(seen).toEqual([served, served, served]);
  expect(served).toBeDefined();
  expect(currentCall()).toBeUndefined();
});

it('is known in the body of a stream, and is not another call at the same time', async () => {
  const seen = new Map<string, Set<string | undefined>>();
  await serve({
    async *converse(requests) {
      for await (const { typeUrl } of requests) {
        const calls = seen.get(typeUrl) ?? new Set();
        seen.set(typeUrl, calls.add(String(currentCall()?.metadata.get('name')[0])));
        yield {};
      }
    },
  });
  const names = ['one', 'two'];
  const calls = names.map((name) => {
    const metadata = new Metadata();
    metadata.set('name', name);
    return { name, stream: client.converse({ metadata }) };
  });
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { name, stream } of calls) stream.write({ typeUrl: name, value: Buffer.alloc(0) });
  }
  for (const { stream } of calls) stream.end();
  await Promise.all(calls.map(({ stream }) => readAll(stream)));
  expect(seen).toEqual(new Map(names.map((name) => [name, new Set([name])])));
});

it('is not known to detached work', async () => {
  const seen = Promise.withResolvers<unknown>();
  await serve({
    say: async () => {
      void detached(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.resolve(currentCall());
      });
      return {};
    },
  });
  await client.say({}).response;
  expect(await seen.promise).toBeUndefined();
});

it('tells a handler about its call', async () => {
  const calls: CallContext[] = [];
  await serve({
    say: async (_request, call) => {
      call.log.info({ sku: 'MUG-1' }, 'said');
      calls.push(call);
      return {};
    },
  });
  const deadline = Date.now() + 5_000;
  const metadata = new Metadata();
  metadata.set('color', 'blue');
  await client.say({}, { metadata, deadline }).response;
  const [call] = calls;
  expect(call?.method).toBe('/spec.v1.Echo/Say');
  expect(call?.metadata.get('color')).toEqual(['blue']);
  expect(Math.abs((call?.deadline ?? 0) - deadline)).toBeLessThan(1_000);
  expect(host.lines).toContainEqual(
    expect.objectContaining({ msg: 'said', sku: 'MUG-1', method: '/spec.v1.Echo/Say' }),
  );
});
