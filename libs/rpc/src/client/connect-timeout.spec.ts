import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { jest } from '@jest/globals';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { closeAll, closeLater, openEcho, startEcho } from '../spec/echo.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import { listenLocally } from '../spec/http2-peer.ts';

afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
});

/** A peer that accepts connections and never says a word. */
async function startSilentPeer() {
  const sockets: Socket[] = [];
  const spokenTo = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}).on('data', () => spokenTo.resolve()));
  });
  closeLater(() => sockets.forEach((socket) => socket.destroy()));
  const address = await listenLocally(server);
  return { address, server, spokenTo: spokenTo.promise };
}

/** Time passes only when told, for timers alone: sockets go on as ever. */
function holdTimers() {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
}

it('fails a call to a peer that accepts connections and says nothing', async () => {
  const { address, spokenTo } = await startSilentPeer();
  holdTimers();
  const { client } = openEcho(address, { connectTimeoutMs: 50 });
  const refused = expect(client.say({})).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining('The peer did not answer for 50 ms'),
  });
  await spokenTo;
  jest.advanceTimersByTime(50);
  await refused;
});

it('ends such a call at its deadline, if that comes first', async () => {
  const { address } = await startSilentPeer();
  const { client } = openEcho(address);
  await expect(client.say({}, { timeoutMs: 50 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
});

it('closes the connections that it gives up', async () => {
  const { address, server } = await startSilentPeer();
  const closed = Promise.withResolvers<void>();
  server.on('connection', (socket) => socket.on('close', () => closed.resolve()));
  const { client } = openEcho(address, { connectTimeoutMs: 50 });
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  await closed.promise;
});

it('finds a healthy service in the place of a silent one', async () => {
  const { address, server } = await startSilentPeer();
  const { client, channel } = openEcho(address, { connectTimeoutMs: 50 });
  const patient = client.say({ typeUrl: 'patience' }, { waitForReady: true });
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });

  // What was connected stays so, and silent: only the port changes hands.
  server.close();
  const host = await startEchoHost({}, { address });
  closeLater(() => host.drain({ force: true }));
  await expect(patient).resolves.toMatchObject({ typeUrl: 'patience' });
  await channel.ready();
});

it('does not disturb a connection that is in use', async () => {
  const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { channel } = await startEcho({
    say: async (request) => {
      arrived.resolve();
      await release.promise;
      return request;
    },
  });
  holdTimers();
  const { client } = openEcho(channel.address, { connectTimeoutMs: 200 });
  const call = client.say({ typeUrl: 'in use' });
  await arrived.promise;
  // Longer than the connection may take to be made.
  jest.advanceTimersByTime(5_000);
  release.resolve();
  await expect(call).resolves.toMatchObject({ typeUrl: 'in use' });
});

it('starts afresh where connecting does not even get as far as a connection', async () => {
  const { channel } = await startEcho();
  const attempts: number[] = [];
  // The first connector never comes to connect, as when a name is looked up or packets are lost.
  const stuckOnce = Object.create(credentials.createInsecure()) as ChannelCredentials;
  const createConnector = stuckOnce._createSecureConnector;
  stuckOnce._createSecureConnector = (...target) => {
    attempts.push(attempts.length);
    const connector = createConnector.apply(stuckOnce, target);
    return attempts.length > 1
      ? connector
      : { ...connector, waitForReady: () => new Promise(() => {}) };
  };
  const { client } = openEcho(channel.address, { credentials: stuckOnce, connectTimeoutMs: 25 });
  const patient = client.say({ typeUrl: 'patience' }, { waitForReady: true });
  await expect(client.say({})).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: `No connection to ${channel.address} within 50 ms`,
  });
  await expect(patient).resolves.toMatchObject({ typeUrl: 'patience' });
});
