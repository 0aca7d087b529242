import { createServer } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials } from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import { Code } from '../error/code.ts';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { EchoDefinition, startEchoHost } from '../spec/echo-service.ts';
import { listenLocally, respondWith } from '../spec/http2-peer.ts';
import { createClient } from './client.ts';
import { Connection } from './connection.ts';

afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
});

/** Credentials that count how often somebody wanted to connect. */
function counting() {
  let attempts = 0;
  const counted = Object.create(credentials.createInsecure()) as ChannelCredentials;
  const createConnector = counted._createSecureConnector;
  counted._createSecureConnector = (...target) => {
    attempts += 1;
    return createConnector.apply(counted, target);
  };
  return { credentials: counted, attempts: () => attempts };
}

/** A client of an address at which nobody listens any more. */
async function openLost() {
  const host = await startEchoHost();
  await host.drain({ force: true });
  const { credentials, attempts } = counting();
  return { ...openEcho(host.address, { credentials, connections: 1 }), attempts, host };
}

it('fails calls with the reason, at once until the next attempt', async () => {
  const { client, attempts, host } = await openLost();
  const reason = `No connection to ${host.address}: connect ECONNREFUSED ${host.address}`;
  const failure = { code: Code.UNAVAILABLE, message: reason };
  await expect(client.say({})).rejects.toMatchObject(failure);
  const many = await Promise.allSettled(Array.from({ length: 10 }, () => client.say({})));
  for (const each of many) expect(each).toMatchObject({ reason: failure });
  expect(attempts()).toBe(1);
});

it('tries no more than it is asked to', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const { client, attempts } = await openLost();
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  jest.advanceTimersByTime(60_000);
  await turn();
  expect(attempts()).toBe(1);
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(attempts()).toBe(2);
});

it('tries again and again for those who wait', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const { client, channel, attempts, host } = await openLost();
  const waiting = [channel.ready({ timeoutMs: 1e9 }), client.say({}, { waitForReady: true })];
  for (const tries of [1, 2, 3]) {
    while (attempts() < tries) {
      jest.advanceTimersByTime(10);
      await turn();
    }
  }
  const again = await startEchoHost({}, { address: host.address });
  closeLater(() => again.drain({ force: true }));
  let isOver = false;
  const over = Promise.all(waiting).then(() => (isOver = true));
  while (!isOver && attempts() < 4) {
    jest.advanceTimersByTime(10);
    await turn();
  }
  await over;
});

it('closes what nobody uses, and connects again when somebody does', async () => {
  let opened = 0;
  const closed = Promise.withResolvers<void>();
  const server = createServer();
  server.on('session', (session) => {
    opened += 1;
    session.on('close', () => closed.resolve());
    closeLater(() => session.destroy());
  });
  server.on('stream', (stream) => respondWith(stream, Buffer.alloc(0)));
  const address = await listenLocally(server);
  const connection = new Connection({
    address,
    credentials: credentials.createInsecure(),
    connectTimeoutMs: 5_000,
    maxMessageBytes: 1_000,
    keepaliveTimeMs: 10_000,
    flowControlWindowBytes: 100_000,
    idleTimeoutMs: 20,
    onChange() {},
    onIdle() {},
  });
  closeLater(() => connection.close());
  const channel = {
    address,
    ready: () => Promise.resolve(),
    close() {},
    createCall: (path: string, deadline: number) => connection.createCall(path, deadline),
  };
  const client = createClient(EchoDefinition, channel);
  await client.say({});
  await closed.promise;
  await client.say({});
  expect(opened).toBe(2);
});
