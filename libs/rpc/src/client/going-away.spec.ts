import { constants, createServer } from 'node:http2';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { concat, from, NEVER } from 'rxjs';
import { Code } from '../error/code.ts';
import { startFramePeer } from '../hostile/frame-peer.ts';
import {
  dataFrame,
  FrameType,
  goAwayFrame,
  headersFrame,
  http2Frame,
  resetFrame,
} from '../hostile/frames.ts';
import { messageFrame } from '../hostile/raw-request.ts';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { listenLocally, respondWith, startHttp2Peer } from '../spec/http2-peer.ts';

afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
});

const encoded = (typeUrl: string) =>
  Buffer.from(Any.encode({ typeUrl, value: Buffer.alloc(0) }).finish());

/** Answers a call as it should be, frame by frame. */
function answer(socket: Socket, streamId: number): void {
  const headers = { ':status': '200', 'content-type': 'application/grpc' };
  socket.write(headersFrame(streamId, headers));
  socket.write(dataFrame(streamId, messageFrame(encoded('good')), { isLast: false }));
  socket.write(headersFrame(streamId, { 'grpc-status': '0' }, { isLast: true }));
}

it('lets the open calls of a connection that goes away end, and makes new ones on another', async () => {
  const sessions: ServerHttp2Session[] = [];
  const open = Promise.withResolvers<ServerHttp2Stream>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.push(session);
    closeLater(() => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (headers['x-hang']) open.resolve(stream);
    else respondWith(stream, encoded(String(sessions.indexOf(stream.session as never))));
  });
  const { client } = openEcho(await listenLocally(server), { connections: 1 });
  const patient = client.say({}, { metadata: { 'x-hang': 'yes' } });
  const stream = await open.promise;
  const gone = Promise.withResolvers<void>();
  sessions[0]!.on('close', () => gone.resolve());
  sessions[0]!.goaway();
  // Until the client knows, it may still use the old one, which then serves it.
  let answeredBy = '0';
  while (answeredBy === '0') answeredBy = (await client.say({})).typeUrl;
  expect(answeredBy).toBe('1');
  respondWith(stream, encoded('patience'));
  expect((await patient).typeUrl).toBe('patience');
  await gone.promise;
  expect((await client.say({})).typeUrl).toBe('1');
});

it.each(['NGHTTP2_NO_ERROR', 'NGHTTP2_INTERNAL_ERROR'] as const)(
  'makes a call again that a peer which goes away with %s has not looked at',
  async (name) => {
    let calls = 0;
    const peer = await startFramePeer((socket, id) => {
      calls += 1;
      if (calls > 1) answer(socket, id);
      else socket.end(goAwayFrame({ lastStreamId: 0, code: constants[name] }));
    });
    expect((await openEcho(peer).client.say({})).typeUrl).toBe('good');
    expect(calls).toBe(2);
  },
);

it('sends all of a stream of requests again that was refused unseen', async () => {
  const bodies: Buffer[] = [];
  let isRefused = false;
  const peer = await startHttp2Peer((stream) => {
    void buffer(stream).then(
      (body) => bodies.push(body) && respondWith(stream, encoded('good')),
      () => {},
    );
    if (isRefused) return;
    isRefused = true;
    // Some of what it says has come by then.
    stream.once('data', () => stream.close(constants.NGHTTP2_REFUSED_STREAM));
  });
  const words = ['one', 'two', 'three'];
  const { client } = openEcho(peer);
  await client.collect(from(words.map((typeUrl) => ({ typeUrl }))));
  const frames = words.map((word) => messageFrame(encoded(word)));
  expect(bodies).toEqual([Buffer.concat(frames)]);
});

it('does not send a call again whose server has begun to answer', async () => {
  let calls = 0;
  const peer = await startFramePeer((socket, id) => {
    calls += 1;
    const headers = { ':status': '200', 'content-type': 'application/grpc' };
    const reset = resetFrame(id, constants.NGHTTP2_REFUSED_STREAM);
    socket.write(Buffer.concat([headersFrame(id, headers), reset]));
  });
  const { client } = openEcho(peer);
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  await expect(client.collect(concat(from([{}]), NEVER))).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
  });
  expect(calls).toBe(2);
});

it('probes a peer less often that has gone away for being probed too often', async () => {
  const probed = Promise.withResolvers<void>();
  const arrived = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  let probes = 0;
  let calls = 0;
  const peer = await startFramePeer(
    (socket, id) => {
      arrived[calls++]!.resolve();
      if (calls === 1) {
        const code = Buffer.alloc(8);
        code.writeUInt32BE(id, 0);
        code.writeUInt32BE(constants.NGHTTP2_ENHANCE_YOUR_CALM, 4);
        const payload = Buffer.concat([code, Buffer.from('too_many_pings')]);
        socket.end(http2Frame(FrameType.GOAWAY, { payload }));
      } else if (calls === 3) answer(socket, id);
    },
    () => {
      probes += 1;
      probed.resolve();
    },
  );
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'],
  });
  const { client } = openEcho(peer, { keepaliveTimeMs: 10_000, connections: 1 });
  await expect(client.say({})).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  const patient = expect(client.say({}, { timeoutMs: 60_000 })).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
  });
  await arrived[1]!.promise;
  jest.advanceTimersByTime(10_000);
  await client.say({});
  expect(probes).toBe(0);
  jest.advanceTimersByTime(10_000);
  await probed.promise;
  // This peer does not answer it, either.
  jest.advanceTimersByTime(20_000);
  await patient;
});
