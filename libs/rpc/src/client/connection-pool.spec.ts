import { constants, createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { Code } from '../error/code.ts';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { listenLocally, respondWith } from '../spec/http2-peer.ts';
import { openChannel } from './channel.ts';
import type { ChannelOptions } from './channel.ts';

afterEach(closeAll);

const EMPTY_MESSAGE = Buffer.alloc(0);
const HANGING = { metadata: { 'x-hang': 'yes' } };

/** A server of Node.js as it comes: it answers all calls but those that are told to hang. */
async function startPeer(options?: ChannelOptions) {
  const firstClosed = Promise.withResolvers<void>();
  const hanging = new Set<ServerHttp2Stream>();
  let onArrival = () => {};
  let arrived = 0;
  let opened = 0;
  const server = createServer();
  server.on('session', (session) => {
    opened += 1;
    session.on('close', () => firstClosed.resolve());
    closeLater(() => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (headers['x-hang'] === undefined) return respondWith(stream, EMPTY_MESSAGE);
    hanging.add(stream);
    stream.on('close', () => hanging.delete(stream));
    arrived += 1;
    onArrival();
  });
  const { client } = openEcho(await listenLocally(server), options);

  /** Resolves when so many calls that hang have reached the server, from the first one on. */
  function arrival(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    onArrival = () => arrived >= count && resolve();
    onArrival();
    return promise;
  }

  /** Makes calls, cancels them all at once when they have reached the server, and waits for them. */
  async function cancel(count: number): Promise<void> {
    const controller = new AbortController();
    const before = arrived;
    const calls = Array.from({ length: count }, () =>
      client.say({}, { ...HANGING, signal: controller.signal }),
    );
    const ended = Promise.allSettled(calls);
    await arrival(before + count);
    controller.abort();
    for (const call of await ended) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: Code.CANCELLED } });
    }
  }

  return { client, hanging, arrival, cancel, opened: () => opened, closed: firstClosed.promise };
}

it.each([1, 4])(
  'fails no call when thousands of others are cancelled on a channel of %p connections',
  async (connections) => {
    const { client, hanging, arrival, cancel } = await startPeer({ connections });
    const patient = client.say({}, { ...HANGING, timeoutMs: 60_000 });
    await arrival(1);
    const [patientStream] = hanging;
    for (let cancelled = 0; cancelled < 3_000; cancelled += 100) {
      const innocent = Array.from({ length: 5 }, () => client.say({}));
      await cancel(100);
      await Promise.all(innocent);
    }
    respondWith(patientStream!, EMPTY_MESSAGE);
    await patient;
  },
  20_000,
);

it('fails no call when more are cancelled at once than a server takes on one connection', async () => {
  const { client, opened, cancel, arrival, hanging } = await startPeer({ connections: 1 });
  const patient = client.say({}, { ...HANGING, timeoutMs: 60_000 });
  await arrival(1);
  const [patientStream] = hanging;
  await cancel(3_000);
  await client.say({});
  respondWith(patientStream!, EMPTY_MESSAGE);
  await patient;
  expect(opened()).toBeLessThan(6);
}, 20_000);

it('fails no call when thousands of others run out of time', async () => {
  const { client } = await startPeer({ connections: 1 });
  for (let expired = 0; expired < 2_000; expired += 200) {
    const late = Array.from({ length: 200 }, () => client.say({}, { ...HANGING, timeoutMs: 20 }));
    const innocent = Array.from({ length: 5 }, () => client.say({}));
    for (const call of await Promise.allSettled(late)) {
      expect(call).toMatchObject({ reason: { code: Code.DEADLINE_EXCEEDED } });
    }
    await Promise.all(innocent);
  }
}, 20_000);

it('closes connections that it has no more use for', async () => {
  const { client, opened, cancel, closed } = await startPeer({ connections: 1 });
  for (let batch = 0; batch < 12; batch += 1) await cancel(150);
  await closed;
  await client.say({});
  expect(opened()).toBeGreaterThan(2);
});

it('has one connection for a quiet client, and more for a busy one', async () => {
  const { client, opened, arrival, hanging } = await startPeer({ connections: 3 });
  for (let call = 0; call < 100; call += 1) await client.say({});
  expect(opened()).toBe(1);
  const calls: Promise<unknown>[] = [];
  while (opened() < 3) {
    calls.push(client.say({}, HANGING));
    await arrival(calls.length);
  }
  while (calls.length < 100) calls.push(client.say({}, HANGING));
  await arrival(100);
  expect(opened()).toBe(3);
  const perConnection = new Map<unknown, number>();
  for (const { session } of hanging) {
    perConnection.set(session, (perConnection.get(session) ?? 0) + 1);
  }
  for (const count of perConnection.values()) expect(count).toBeGreaterThan(30);
  for (const stream of hanging) stream.close(constants.NGHTTP2_CANCEL);
  await Promise.allSettled(calls);
});

it.each([0, 1.5, NaN])('is not made of %p connections', (connections) => {
  const error = new RangeError(`Not a number of connections: ${connections}`);
  expect(() => openChannel('127.0.0.1:1', { connections })).toThrow(error);
});
