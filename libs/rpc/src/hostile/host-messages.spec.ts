import { gzipSync } from 'node:zlib';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { closeAll } from '../spec/echo.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import {
  makeGoodCall,
  messageFrame,
  openSession,
  openStream,
  outcomeOf,
  send,
} from './raw-request.ts';

let host: EchoHost;
let received: string[];

beforeEach(async () => {
  received = [];
  host = await startEchoHost({
    say: async (request) => {
      received.push(request.typeUrl);
      return request;
    },
    async collect(requests) {
      for await (const { typeUrl } of requests) received.push(typeUrl);
      received.push('the end');
      return {};
    },
  });
});

afterEach(async () => {
  await makeGoodCall(host.address);
  await closeAll();
  await host.drain({ force: true });
});

const message = Buffer.from(Any.encode({ typeUrl: 'text', value: Buffer.alloc(0) }).finish());
const whole = messageFrame(message);
const gzipped = gzipSync(message);
const gzip = { 'grpc-encoding': 'gzip' };

const frames: readonly (readonly [string, Buffer, string])[] = [
  ['no message', Buffer.alloc(0), 'UNIMPLEMENTED'],
  ['two messages', Buffer.concat([whole, whole]), 'UNIMPLEMENTED'],
  ['a frame that ends in its header', whole.subarray(0, 3), 'INTERNAL'],
  ['a message that ends in its middle', whole.subarray(0, 8), 'INTERNAL'],
  ['a length beyond what follows', messageFrame(message, { length: 100 }), 'INTERNAL'],
  ['a length short of what follows', messageFrame(message, { length: 1 }), 'RESOURCE_EXHAUSTED'],
  ['a length of 4 GiB', messageFrame(message, { length: 2 ** 32 - 1 }), 'RESOURCE_EXHAUSTED'],
  ['a length beyond the limit', messageFrame(message, { length: 2 ** 23 }), 'RESOURCE_EXHAUSTED'],
  ['bytes that are no message', messageFrame(Buffer.from([0x0a, 0x7f])), 'INTERNAL'],
  ['invalid UTF-8', messageFrame(Buffer.from([0x0a, 2, 0xff, 0xfe])), 'INTERNAL'],
  ['gzip that is not announced', messageFrame(gzipped, { isCompressed: true }), 'INTERNAL'],
];

it.each(frames)('refuses a request of %s', async (_name, body, status) => {
  expect(await send(host.address, { body })).toBe(status);
  expect(received).toEqual([]);
});

it('takes a stream of requests that is cut off for what it is', async () => {
  const body = Buffer.concat([whole, whole.subarray(0, 8)]);
  expect(await send(host.address, { method: 'Collect', body })).toBe('INTERNAL');
  expect(received).toEqual(['text']);
});

it('serves a request that is compressed', async () => {
  const body = messageFrame(gzipped, { isCompressed: true });
  expect(await send(host.address, { headers: gzip, body })).toBe('OK');
});

const compressed: readonly (readonly [string, Buffer])[] = [
  ['that is none', Buffer.from('not compressed at all')],
  ['of nothing', Buffer.alloc(0)],
  ['that ends in its middle', gzipped.subarray(0, 15)],
];

it.each(compressed)('refuses gzip %s', async (_name, bytes) => {
  const body = messageFrame(bytes, { isCompressed: true });
  expect(await send(host.address, { headers: gzip, body })).toBe('INTERNAL');
  expect(received).toEqual([]);
});

it('refuses a compression that it does not know', async () => {
  const body = messageFrame(gzipped, { isCompressed: true });
  const headers = { 'grpc-encoding': 'br' };
  expect(await send(host.address, { headers, body })).toBe('UNIMPLEMENTED');
});

it('stops inflating what is a thousand times as large at the limit of messages', async () => {
  const bomb = messageFrame(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { isCompressed: true });
  const before = process.memoryUsage().arrayBuffers;
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => send(host.address, { headers: gzip, body: bomb })),
  );
  expect(outcomes).toEqual(Array(4).fill('RESOURCE_EXHAUSTED'));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  expect(received).toEqual([]);
});

it('ends a request that comes byte by byte at its deadline, before it is there', async () => {
  const stream = openStream(openSession(host.address), { headers: { 'grpc-timeout': '200m' } });
  const outcome = outcomeOf(stream);
  const long = messageFrame(Buffer.alloc(2 ** 20));
  let sentBytes = 0;
  const trickle = setInterval(() => stream.write(long.subarray(sentBytes, ++sentBytes)), 5);
  stream.once('close', () => clearInterval(trickle));
  expect(await outcome).toBe('DEADLINE_EXCEEDED');
  expect(sentBytes).toBeLessThan(long.length);
  expect(received).toEqual([]);
});
