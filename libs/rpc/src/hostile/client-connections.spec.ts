import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import { setImmediate as afterEvents } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { lastValueFrom } from 'rxjs';
import { Code, codeName } from '../error/code.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { closeAll, openEcho } from '../spec/echo.ts';
import { startFramePeer } from './frame-peer.ts';
import { dataFrame, goAwayFrame, headersFrame, http2Frame, resetFrame } from './frames.ts';
import { messageFrame } from './raw-request.ts';

afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
});

const message = messageFrame(
  Buffer.from(Any.encode({ typeUrl: 'good', value: Buffer.alloc(0) }).finish()),
);
const responseHeaders = (streamId: number) =>
  headersFrame(streamId, { ':status': '200', 'content-type': 'application/grpc' });

/** Answers a call as it should be. */
function answerWell(socket: Socket, streamId: number): void {
  socket.write(responseHeaders(streamId));
  socket.write(dataFrame(streamId, message, { isLast: false }));
  socket.write(headersFrame(streamId, { 'grpc-status': '0' }, { isLast: true }));
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

type Act = (socket: Socket, streamId: number) => void;

/** The code of a call whose peer does this, after which the next call on the same channel is good. */
async function codeFrom(act: Act, call: 'say' | 'repeat' = 'say'): Promise<string> {
  let actNext = act;
  const { client } = openEcho(await startFramePeer((...args) => actNext(...args)));
  const result = call === 'say' ? client.say({}) : lastValueFrom(client.repeat({}));
  const code = await result.then(
    () => 'OK',
    (error: RpcError) => codeName(error.code),
  );
  actNext = answerWell;
  expect((await untilNoticed(() => client.say({}, { waitForReady: true }))).typeUrl).toBe('good');
  return code;
}

/** A call that is made in the moment before grpc-js knows that its connection is broken fails too. */
async function untilNoticed<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if ((error as RpcError).code !== Code.UNAVAILABLE || tries > 100) throw error;
    }
    await afterEvents();
  }
}

/** As the gRPC over HTTP2 protocol has them, in "HTTP2 Transport Mapping", "Errors". */
const resets: readonly (readonly [keyof typeof constants, string])[] = [
  ['NGHTTP2_NO_ERROR', 'INTERNAL'],
  ['NGHTTP2_PROTOCOL_ERROR', 'INTERNAL'],
  ['NGHTTP2_INTERNAL_ERROR', 'INTERNAL'],
  ['NGHTTP2_FLOW_CONTROL_ERROR', 'INTERNAL'],
  ['NGHTTP2_SETTINGS_TIMEOUT', 'INTERNAL'],
  ['NGHTTP2_FRAME_SIZE_ERROR', 'INTERNAL'],
  ['NGHTTP2_REFUSED_STREAM', 'UNAVAILABLE'],
  ['NGHTTP2_CANCEL', 'CANCELLED'],
  ['NGHTTP2_COMPRESSION_ERROR', 'INTERNAL'],
  ['NGHTTP2_CONNECT_ERROR', 'INTERNAL'],
  ['NGHTTP2_ENHANCE_YOUR_CALM', 'RESOURCE_EXHAUSTED'],
  ['NGHTTP2_INADEQUATE_SECURITY', 'PERMISSION_DENIED'],
];

it.each(resets)('understands a stream that is reset with %s', async (name, code) => {
  const reset: Act = (socket, id) =>
    socket.write(Buffer.concat([responseHeaders(id), resetFrame(id, constants[name] as number)]));
  expect(await codeFrom(reset)).toBe(code);
  expect(await codeFrom(reset, 'repeat')).toBe(code);
});

const half = (streamId: number) => dataFrame(streamId, message.subarray(0, 7), { isLast: false });

const breaks: readonly (readonly [string, Act, string])[] = [
  ['is closed before an answer', (socket) => socket.end(), 'UNAVAILABLE'],
  ['is reset before an answer', (socket) => socket.resetAndDestroy(), 'UNAVAILABLE'],
  [
    'is closed in the middle of a message',
    (socket, id) => socket.end(Buffer.concat([responseHeaders(id), half(id)])),
    'UNAVAILABLE',
  ],
  [
    'is reset in the middle of a message',
    (socket, id) =>
      socket.write(Buffer.concat([responseHeaders(id), half(id)]), () => socket.resetAndDestroy()),
    'UNAVAILABLE',
  ],
  [
    'is closed in the middle of a frame',
    (socket, id) => socket.end(responseHeaders(id).subarray(0, 12)),
    'UNAVAILABLE',
  ],
  [
    'speaks another protocol',
    (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'UNAVAILABLE',
  ],
  [
    'goes away without having looked at the call',
    (socket) => socket.end(goAwayFrame({ lastStreamId: 0 })),
    'UNAVAILABLE',
  ],
  [
    'goes away in the middle of the call',
    (socket, id) =>
      socket.end(Buffer.concat([responseHeaders(id), goAwayFrame({ lastStreamId: id })])),
    'UNAVAILABLE',
  ],
  [
    'goes away with an error',
    (socket, id) =>
      socket.end(goAwayFrame({ lastStreamId: id, code: constants.NGHTTP2_INTERNAL_ERROR })),
    'UNAVAILABLE',
  ],
  [
    'goes away for too many pings',
    (socket, id) =>
      socket.end(goAwayFrame({ lastStreamId: id, code: constants.NGHTTP2_ENHANCE_YOUR_CALM })),
    'RESOURCE_EXHAUSTED',
  ],
];

it.each(breaks)('survives a connection that %s', async (_name, act, code) => {
  expect(await codeFrom(act)).toBe(code);
});

it('lets a call end well on a connection that goes away', async () => {
  const act: Act = (socket, id) => {
    socket.write(goAwayFrame({ lastStreamId: id }));
    answerWell(socket, id);
  };
  expect(await codeFrom(act)).toBe('OK');
});

it('ends a call whose response comes byte by byte at its deadline', async () => {
  let isGood = false;
  const peer = await startFramePeer((socket, id) => {
    if (isGood) return answerWell(socket, id);
    socket.write(responseHeaders(id));
    socket.write(
      dataFrame(id, messageFrame(Buffer.alloc(0), { length: 2 ** 20 }), { isLast: false }),
    );
    const trickle = setInterval(
      () => socket.write(dataFrame(id, Buffer.alloc(1), { isLast: false })),
      5,
    );
    socket.once('close', () => clearInterval(trickle));
  });
  const { client } = openEcho(peer);
  await expect(client.say({}, { timeoutMs: 200 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
  isGood = true;
  expect((await client.say({})).typeUrl).toBe('good');
});

it('finds out by its keepalive that a peer has vanished without closing', async () => {
  const arrived = Promise.withResolvers<void>();
  let connections = 0;
  const peer = await startFramePeer((socket, id) => {
    connections += 1;
    if (connections > 1) return answerWell(socket, id);
    socket.write(Buffer.concat([responseHeaders(id), dataFrame(id, message, { isLast: false })]));
    // It reads, and so acknowledges, nothing any more: to the client that is a peer without power.
    return socket.pause();
  });
  holdTimers();
  const { client } = openEcho(peer, { keepaliveTimeMs: 10_000 });
  const ended = new Promise<unknown>((resolve) => {
    client.repeat({}).subscribe({ next: () => arrived.resolve(), error: resolve });
  });
  await arrived.promise;
  const unary = expect(client.say({}, { timeoutMs: 5_000 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
  jest.advanceTimersByTime(10_000);
  await unary;
  jest.advanceTimersByTime(20_000);
  expect(await ended).toMatchObject({ code: Code.UNAVAILABLE });
  expect((await untilNoticed(() => client.say({}))).typeUrl).toBe('good');
});

it('is not disturbed by frames that it does not know', async () => {
  const act: Act = (socket, id) => {
    socket.write(http2Frame(0xfa, { payload: Buffer.alloc(1_000), streamId: id }));
    answerWell(socket, id);
  };
  expect(await codeFrom(act)).toBe('OK');
});
