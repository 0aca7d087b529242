import { channel as diagnostics } from 'node:diagnostics_channel';
import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { Metadata } from '@grpc/grpc-js';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { lastValueFrom, NEVER } from 'rxjs';
import { Code } from '../../error/code.ts';
import { startFramePeer } from '../../hostile/frame-peer.ts';
import { dataFrame, headersFrame } from '../../hostile/frames.ts';
import { messageFrame } from '../../hostile/raw-request.ts';
import { closeAll, closeLater, openEcho, startEcho } from '../../spec/echo.ts';
import { respondWith, startHttp2Peer } from '../../spec/http2-peer.ts';
import { openChannel } from '../channel.ts';
import { Http2Call } from './http2-call.ts';

afterEach(closeAll);

const PATH = '/spec.v1.Echo/Say';
const message = Buffer.from(Any.encode({ typeUrl: 'good', value: Buffer.alloc(0) }).finish());

/** A call below clients to a peer, and what it has told so far. */
async function rawCall(
  onStream: (stream: ServerHttp2Stream) => void,
  onMessage: (count: number) => void = () => {},
) {
  const channel = openChannel(await startHttp2Peer(onStream));
  closeLater(() => channel.close());
  const told: string[] = [];
  let messages = 0;
  let tellNext = Promise.withResolvers<void>();
  const tell = (what: string) => {
    told.push(what);
    tellNext.resolve();
    tellNext = Promise.withResolvers<void>();
  };
  const call = channel.createCall(PATH, Infinity);
  call.start(new Metadata(), {
    onReceiveMetadata: (metadata) => tell(`metadata ${JSON.stringify(metadata.getMap())}`),
    onReceiveMessage(bytes: Buffer) {
      tell(`message of ${bytes.length}`);
      onMessage((messages += 1));
    },
    onReceiveStatus: ({ code, details }) => tell(`status ${code} ${details}`.trim()),
  });
  return {
    call,
    told,
    async until(count: number) {
      while (told.length < count) await tellNext.promise;
    },
  };
}

it('hands over a message each time it is asked, and the status after the last', async () => {
  const sizes = [1, 1_000_000, 0, 3];
  const { call, told, until } = await rawCall((stream) =>
    respondWith(stream, ...sizes.map((size) => Buffer.alloc(size))),
  );
  call.halfClose();
  const expected = ['metadata {"content-type":"application/grpc+proto"}'];
  for (const size of sizes) {
    expected.push(`message of ${size}`);
    call.startRead();
    await until(expected.length);
    if (size === 3) break;
    await turn();
    expect(told.slice(1)).toEqual(expected.slice(1));
  }
  expected.push('status 0');
  await until(expected.length);
  expect(told.slice(1)).toEqual(expected.slice(1));
});

it.each([1, 1_000_000])('may be cancelled by who is handed a message of %i bytes', async (size) => {
  const messages = Array.from({ length: 3 }, () => Buffer.alloc(size));
  const { call, told, until } = await rawCall(
    (stream) => respondWith(stream, ...messages),
    (count) => {
      if (count === 1) call.startRead();
      else call.cancelWithStatus(Code.ABORTED, 'enough');
    },
  );
  call.halfClose();
  call.startRead();
  await until(4);
  expect(told.slice(1)).toEqual([
    `message of ${size}`,
    `message of ${size}`,
    `status ${Code.ABORTED} enough`,
  ]);
});

it('may be cancelled with its status there and messages that nobody has asked for', async () => {
  const answered = Promise.withResolvers<void>();
  const { call, told, until } = await rawCall(
    (stream) => {
      stream.on('close', () => answered.resolve());
      respondWith(stream, Buffer.alloc(1), Buffer.alloc(2));
    },
    (count) => count === 2 && call.cancelWithStatus(Code.ABORTED, 'enough'),
  );
  call.halfClose();
  call.startRead();
  await until(2);
  await answered.promise;
  call.startRead();
  await until(4);
  expect(told.slice(2)).toEqual(['message of 2', `status ${Code.ABORTED} enough`]);
});

it('sends what it was given before and after it was opened, and tells when there is room', async () => {
  const bodies: Buffer[] = [];
  const { call, told, until } = await rawCall((stream) => {
    stream.on('data', (chunk: Buffer) => bodies.push(chunk));
    stream.on('end', () => respondWith(stream));
  });
  const sent = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  call.sendMessageWithContext({ callback: () => sent[0]!.resolve() }, Buffer.from('one'));
  await sent[0]!.promise;
  call.sendMessageWithContext({ callback: () => sent[1]!.resolve() }, Buffer.from('two'));
  await sent[1]!.promise;
  call.halfClose();
  call.startRead();
  await until(2);
  expect(told.at(-1)).toBe('status 0');
  const frames = ['one', 'two'].map((text) => messageFrame(Buffer.from(text)));
  expect(Buffer.concat(bodies)).toEqual(Buffer.concat(frames));
});

it('opens no stream for what was cancelled before it had anything to say', async () => {
  let streams = 0;
  const { call, told, until } = await rawCall(() => (streams += 1));
  call.cancelWithStatus(Code.ABORTED, 'never mind');
  call.startRead();
  call.halfClose();
  expect(told).toEqual([]);
  await until(1);
  expect(told).toEqual([`status ${Code.ABORTED} never mind`]);
  expect(streams).toBe(0);
});

it('stops sending when the server has answered, and leaves no stream open', async () => {
  const closed = Promise.withResolvers<number>();
  const { client } = await startEcho({
    collect: async () => ({ typeUrl: 'enough' }),
  });
  expect((await client.collect(NEVER)).typeUrl).toBe('enough');
  const peer = await startHttp2Peer((stream) => {
    stream.on('close', () => closed.resolve(stream.rstCode));
    respondWith(stream, message);
  });
  expect((await openEcho(peer).client.collect(NEVER)).typeUrl).toBe('good');
  expect(await closed.promise).toBe(constants.NGHTTP2_NO_ERROR);
});

it.each([
  ['gzip', gzipSync(message)],
  ['deflate', deflateSync(message)],
  ['identity', undefined],
])('reads a response of one packet that is compressed with %s', async (encoding, compressed) => {
  const frame = messageFrame(compressed ?? message, { isCompressed: compressed !== undefined });
  const peer = await startFramePeer((socket, id) => {
    const headers = {
      ':status': '200',
      'content-type': 'application/grpc',
      'grpc-encoding': encoding,
    };
    socket.write(
      Buffer.concat([
        headersFrame(id, headers),
        dataFrame(id, frame, { isLast: false }),
        headersFrame(id, { 'grpc-status': '0' }, { isLast: true }),
      ]),
    );
  });
  const { client } = openEcho(peer);
  expect((await client.say({})).typeUrl).toBe('good');
  expect(await lastValueFrom(client.repeat({}))).toMatchObject({ typeUrl: 'good' });
});

it('announces a window of 8 MiB, for each stream and for the connection', async () => {
  const sizes: (number | undefined)[] = [];
  const peer = await startHttp2Peer((stream) => {
    const { remoteSettings, state } = stream.session!;
    sizes.push(remoteSettings.initialWindowSize, state.remoteWindowSize);
    respondWith(stream, message);
  });
  await openEcho(peer).client.say({});
  const window = 8 * 1024 * 1024;
  expect(sizes).toEqual([window, window]);
});

it('refuses metadata that HTTP/2 has no room for, and harms no other call', async () => {
  const { client } = await startEcho();
  const refused = client.say({}, { metadata: { connection: 'close' } });
  await expect(refused).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  await client.say({});
});

it('is not kept by its stream, which Node.js keeps for longer', async () => {
  const created = diagnostics('http2.client.stream.created');
  const streams: ClientHttp2Stream[] = [];
  const onStream = (event: unknown) => {
    streams.push((event as { readonly stream: ClientHttp2Stream }).stream);
  };
  created.subscribe(onStream);
  closeLater(() => created.unsubscribe(onStream));
  const { client } = await startEcho();
  const callOf = (stream: ClientHttp2Stream): unknown => {
    const symbols = Object.getOwnPropertySymbols(stream);
    const values = symbols.map((symbol) => (stream as never)[symbol] as unknown);
    return values.find((value) => value instanceof Http2Call);
  };
  const open = client.say({ typeUrl: 'one' });
  while (streams.length === 0) await turn();
  expect(callOf(streams[0]!)).toBeDefined();
  await open;
  await lastValueFrom(client.repeat({ typeUrl: '3' }));
  await client.say({}, { signal: AbortSignal.abort() }).catch(() => {});
  await expect(client.say({}, { metadata: { 'x-a': 'b' } })).resolves.toBeDefined();
  expect(streams).toHaveLength(3);
  expect(streams.map(callOf)).toEqual([undefined, undefined, undefined]);
});
