import { gzipSync } from 'node:zlib';
import type { ServerHttp2Stream } from 'node:http2';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { CallResponse } from '@trivium/contracts/trivium/calls/v1/calls';
import { createClient } from '../client/client.ts';
import { codeName } from '../error/code.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { closeAll, openEcho } from '../spec/echo.ts';
import { EchoDefinition } from '../spec/echo-service.ts';
import { startHttp2Peer } from '../spec/http2-peer.ts';
import { field, nestedList, nestedStruct, structOf, structValue } from './nested-bytes.ts';
import { messageFrame } from './raw-request.ts';

afterEach(closeAll);

/** Answers with these bytes, frames included, and OK. */
function answer(stream: ServerHttp2Stream, body: Buffer, encoding?: string): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      ...(encoding && { 'grpc-encoding': encoding }),
    },
    { waitForTrailers: true },
  );
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(body);
}

const message = Buffer.from(Any.encode({ typeUrl: 'good', value: Buffer.alloc(0) }).finish());
const whole = messageFrame(message);
const zip = (bytes: Buffer) => messageFrame(bytes, { isCompressed: true });
const gzipped = gzipSync(message);
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

const bodies: readonly (readonly [string, Buffer, string | undefined, string])[] = [
  ['no message', Buffer.alloc(0), undefined, 'UNIMPLEMENTED'],
  ['two messages', Buffer.concat([whole, whole]), undefined, 'UNIMPLEMENTED'],
  ['half a message', whole.subarray(0, 8), undefined, 'INTERNAL'],
  ['one message and a half', Buffer.concat([whole, whole.subarray(0, 8)]), undefined, 'INTERNAL'],
  [
    'a length of 4 GiB',
    messageFrame(message, { length: 2 ** 32 - 1 }),
    undefined,
    'RESOURCE_EXHAUSTED',
  ],
  ['5 MiB', messageFrame(Buffer.alloc(5 * 2 ** 20)), undefined, 'RESOURCE_EXHAUSTED'],
  ['bytes that are no message', messageFrame(Buffer.from([0x0a, 0x7f])), undefined, 'INTERNAL'],
  ['invalid UTF-8', messageFrame(Buffer.from([0x0a, 2, 0xff, 0xfe])), undefined, 'INTERNAL'],
  ['gzip that is none', zip(Buffer.from('not compressed')), 'gzip', 'INTERNAL'],
  ['gzip that ends in its middle', zip(gzipped.subarray(0, 15)), 'gzip', 'INTERNAL'],
  ['gzip that is not announced', zip(gzipped), undefined, 'INTERNAL'],
  ['a compression that is unknown', zip(gzipped), 'br', 'INTERNAL'],
  ['gzip a thousand times as large', zip(bomb), 'gzip', 'RESOURCE_EXHAUSTED'],
];

it.each(bodies)('refuses a response of %s', async (_name, body, encoding, code) => {
  let isGood = false;
  const peer = await startHttp2Peer((stream) =>
    isGood ? answer(stream, zip(gzipped), 'gzip') : answer(stream, body, encoding),
  );
  const { client } = openEcho(peer);
  const error = await client.say({}).then(
    () => undefined,
    (thrown: RpcError) => thrown,
  );
  expect(error && codeName(error.code)).toBe(code);
  isGood = true;
  expect((await client.say({})).typeUrl).toBe('good');
});

it('takes a stream of responses that is cut off for what it is', async () => {
  const body = Buffer.concat([whole, whole.subarray(0, 8)]);
  const { client } = openEcho(await startHttp2Peer((stream) => answer(stream, body)));
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    client.repeat({}).subscribe({
      next: ({ typeUrl }) => told.push(typeUrl),
      complete: () => resolve(void told.push('complete')),
      error: ({ code }: RpcError) => resolve(void told.push(codeName(code))),
    });
  });
  expect(told).toEqual(['good', 'INTERNAL']);
});

const JsonDefinition = {
  ...EchoDefinition,
  methods: { say: { ...EchoDefinition.methods.say, responseType: CallResponse } },
};

/** A client whose peer answers with this as the JSON of its response. */
async function clientOfJson(struct: Uint8Array) {
  const body = messageFrame(Buffer.from(field(1, struct)));
  const { channel } = openEcho(await startHttp2Peer((stream) => answer(stream, body)));
  return createClient(JsonDefinition, channel);
}

it.each([
  ['objects', nestedStruct],
  ['lists', nestedList],
])('refuses %s nested 10,000 deep', async (_name, nested) => {
  const client = await clientOfJson(nested(10_000));
  await expect(client.say({})).rejects.toMatchObject({
    message: 'The response is not a trivium.calls.v1.CallResponse',
  });
});

it('takes a key __proto__ for one like any other', async () => {
  const admin = structValue(structOf('isAdmin', new Uint8Array([0x20, 1])));
  const { outcome } = await (await clientOfJson(structOf('__proto__', admin))).say({});
  const response = outcome?.value as Record<string, unknown>;
  expect(Object.keys(response)).toEqual(['__proto__']);
  expect(response['isAdmin']).toBeUndefined();
});
