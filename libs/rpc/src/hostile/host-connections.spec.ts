import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { createFixedLimit } from '../host/overload/fixed-limit.ts';
import { closeAll, closeLater } from '../spec/echo.ts';
import { startEchoHost, type EchoHandlers, type EchoHost } from '../spec/echo-service.ts';
import {
  ACK,
  createFrameReader,
  FrameType,
  http2Frame,
  PREFACE,
  requestHeaders,
  resetFrame,
  SETTINGS,
  type ReceivedFrame,
} from './frames.ts';
import { makeGoodCall } from './raw-request.ts';

const FLOOD = 40_000;
const ALLOWED_AT_ONCE = 20_000;
const ALLOWED_PER_SECOND = 10_000;

let host: EchoHost;
let calls: Promise<CallContext>;

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<CallContext>();
  calls = promise;
  const handlers: EchoHandlers = {
    // It hangs, until nobody waits for it any longer.
    async *converse(_requests, call) {
      resolve(call);
      await once(call.signal, 'abort');
      yield {};
    },
  };
  // Else it would refuse calls while a flood keeps it busy, and rightly so.
  host = await startEchoHost(handlers, { concurrencyLimit: createFixedLimit(Infinity) });
});

afterEach(async () => {
  jest.useRealTimers();
  await makeGoodCall(host.address);
  await closeAll();
  await host.drain({ force: true });
});

/** Opens a connection and sends some bytes. `closeAll` breaks it. */
async function open(...bytes: readonly Buffer[]): Promise<Socket> {
  const [address, port] = host.address.split(':');
  const socket = connect(Number(port), address);
  closeLater(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const each of bytes) socket.write(each);
  return socket;
}

function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.resume().once('close', resolve));
}

/** The first frame of this kind that is received from now on. */
function received(
  socket: Socket,
  isWanted: (frame: ReceivedFrame) => boolean,
): Promise<ReceivedFrame> {
  const read = createFrameReader();
  return new Promise((resolve) => {
    const onData = (bytes: Buffer) => {
      const frame = read(bytes).find(isWanted);
      if (!frame) return;
      socket.off('data', onData);
      resolve(frame);
    };
    socket.on('data', onData);
  });
}

/** Time passes only when told, for timers alone: sockets go on as ever. */
function holdTimers() {
  jest.useFakeTimers({
    doNotFake: [
      'nextTick',
      'setImmediate',
      'clearImmediate',
      'queueMicrotask',
      'performance',
      'Date',
    ],
  });
}

const noise: readonly (readonly [string, Buffer])[] = [
  ['HTTP/1.1', Buffer.from('GET / HTTP/1.1\r\nHost: peer\r\n\r\n')],
  ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
  ['noise', Buffer.alloc(4096, 0xa5)],
  ['noise after the preface', Buffer.concat([PREFACE, Buffer.alloc(4096, 0xff)])],
  [
    'data of a stream that is not open',
    Buffer.concat([PREFACE, SETTINGS, http2Frame(FrameType.DATA, { streamId: 1 })]),
  ],
  [
    'headers that cannot be decompressed',
    Buffer.concat([
      PREFACE,
      SETTINGS,
      http2Frame(FrameType.HEADERS, { flags: 4, streamId: 1, payload: Buffer.alloc(99, 0xff) }),
    ]),
  ],
  [
    'a frame beyond the limit',
    Buffer.concat([
      PREFACE,
      SETTINGS,
      http2Frame(FrameType.DATA, { streamId: 1, length: 2 ** 24 - 1 }),
    ]),
  ],
];

it.each(noise)('closes a connection that speaks %s', async (_name, bytes) => {
  await closed(await open(bytes));
});

it('closes connections that say nothing, and only those, after ten seconds', async () => {
  holdTimers();
  const silent = await Promise.all(Array.from({ length: 100 }, () => open()));
  const halting = await open(PREFACE.subarray(0, 10));
  // Connections are accepted in their order: when this one is answered, all are there.
  const speaking = await open(PREFACE, SETTINGS);
  await received(speaking, (frame) => frame.type === FrameType.SETTINGS && frame.flags === ACK);
  jest.advanceTimersByTime(10_000);
  await Promise.all([...silent, halting].map(closed));
  expect(speaking.closed).toBe(false);
});

it('ends the calls of a peer that has vanished without closing, by its keepalive', async () => {
  holdTimers();
  const peer = await open(PREFACE, SETTINGS, requestHeaders(1, 'Converse'));
  const { signal } = await calls;
  // It reads, and so acknowledges, nothing any more: to the host that is a peer without power.
  peer.pause();
  jest.advanceTimersByTime(60_000);
  expect(signal.aborted).toBe(false);
  jest.advanceTimersByTime(20_000);
  await once(peer.resume(), 'close');
  expect(signal.reason).toMatchObject({ code: Code.CANCELLED });
});

it('closes a connection whose frames come byte by byte, by its keepalive', async () => {
  holdTimers();
  const peer = await open(PREFACE, SETTINGS);
  await received(peer, (frame) => frame.type === FrameType.SETTINGS && frame.flags === ACK);
  // In the middle of a frame it cannot answer a ping, however often it sends something.
  const slow = requestHeaders(1, 'Converse');
  const over = closed(peer);
  for (let sent = 0; sent < 16; sent += 1) {
    peer.write(slow.subarray(sent, sent + 1));
    jest.advanceTimersByTime(5_000);
    await nextTurn();
  }
  await over;
});

it('keeps a quiet peer that answers its keepalive', async () => {
  holdTimers();
  const peer = await open(PREFACE, SETTINGS, requestHeaders(1, 'Converse'));
  const { signal } = await calls;
  for (let pings = 0; pings < 3; pings += 1) {
    const pinged = received(peer, ({ type }) => type === FrameType.PING);
    jest.advanceTimersByTime(60_000);
    const { payload } = await pinged;
    const acknowledged = received(
      peer,
      ({ type, flags }) => type === FrameType.PING && flags === ACK,
    );
    peer.write(http2Frame(FrameType.PING, { flags: ACK, payload }));
    // The host answers a ping of the peer's when it has seen what came before.
    peer.write(http2Frame(FrameType.PING, { payload }));
    await acknowledged;
  }
  expect(signal.aborted).toBe(false);
});

it('closes the connection of a flood of resets, and serves others meanwhile', async () => {
  const flood = await open(PREFACE, SETTINGS);
  const closes = closed(flood);
  const startedAtMs = performance.now();
  let resets = 0;
  for (; resets < FLOOD && !flood.closed; resets += 1_000) {
    const frames = Array.from({ length: 1_000 }, (_, index) => {
      const streamId = 2 * (resets + index) + 1;
      return Buffer.concat([requestHeaders(streamId), resetFrame(streamId)]);
    });
    const written = new Promise((resolve) => flood.write(Buffer.concat(frames), resolve));
    await Promise.race([written, closes]);
    if (resets % 10_000 === 0) await makeGoodCall(host.address);
  }
  const answered = received(flood, ({ type, flags }) => type === FrameType.PING && flags === ACK);
  flood.write(http2Frame(FrameType.PING, { payload: Buffer.alloc(8) }));
  const end = await Promise.race([closes.then(() => 'closed'), answered.then(() => 'answered')]);

  // A machine that is busy with other things may be too slow for a flood.
  const elapsedS = Math.ceil((performance.now() - startedAtMs) / 1_000);
  if (resets > ALLOWED_AT_ONCE + ALLOWED_PER_SECOND * elapsedS) expect(end).toBe('closed');
}, 60_000);
