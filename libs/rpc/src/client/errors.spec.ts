import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { lastValueFrom, NEVER } from 'rxjs';
import { Code } from '../error/code.ts';
import { badRequest, findDetail } from '../error/details.ts';
import { RpcError, trailersOf } from '../error/rpc-error.ts';
import { closeAll, openEcho, startEcho } from '../spec/echo.ts';
import { respondWith, startHttp2Peer } from '../spec/http2-peer.ts';

afterEach(closeAll);

const NO_MESSAGE = Buffer.from([0x0a, 0x7f]);
const EMPTY_MESSAGE = Buffer.alloc(0);

async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  return call.then(
    () => Promise.reject(new Error('The call did not fail')),
    (error: unknown) => {
      expect(error).toBeInstanceOf(RpcError);
      return error as RpcError;
    },
  );
}

it('is the status of the server, with its details', async () => {
  const details = [badRequest([{ field: 'sku', description: 'must be set' }])];
  const { client } = await startEcho({
    say: () => Promise.reject(new RpcError(Code.INVALID_ARGUMENT, 'Bad sku', { details })),
    // eslint-disable-next-line require-yield -- it fails before it has anything to say
    async *repeat() {
      throw new RpcError(Code.INVALID_ARGUMENT, 'Bad sku', { details });
    },
  });
  for (const call of [client.say({}), lastValueFrom(client.repeat({}))]) {
    const error = await failureOf(call);
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, message: 'Bad sku' });
    expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field: 'sku' }]);
  }
});

it('says which call failed, where, and after how long', async () => {
  const refuse = () => Promise.reject(new RpcError(Code.ABORTED, 'Try again'));
  const { client, channel } = await startEcho({
    say: refuse,
    collect: refuse,
    // eslint-disable-next-line require-yield -- it fails before it has anything to say
    async *repeat() {
      throw new RpcError(Code.ABORTED, 'Try again');
    },
  });
  const signal = AbortSignal.abort();
  const failures = [
    ['Say', client.say({})],
    ['Say', client.say({}, { signal })],
    ['Say', client.say({}, { timeoutMs: 0 })],
    ['Say', client.say({}, { metadata: { 'not a key': '' } })],
    ['Collect', client.collect(NEVER)],
    ['Repeat', lastValueFrom(client.repeat({}))],
  ] as const;
  for (const [method, call] of failures) {
    const error = await failureOf(call);
    expect(error).toMatchObject({
      method: `/spec.v1.Echo/${method}`,
      target: channel.address,
      attempts: 1,
    });
    expect(error.elapsedMs).toBeLessThan(10_000);
  }
});

it('does not tell callers of the calls that it came from', async () => {
  const inner = await startEcho({ say: () => Promise.reject(new RpcError(Code.ABORTED, 'Busy')) });
  const outer = await startEcho({ say: (request) => inner.client.say(request) });
  const error = await failureOf(outer.client.say({}));
  expect(error).toMatchObject({ message: 'Busy', target: outer.channel.address, details: [] });
});

it('comes after the responses that preceded it', async () => {
  const { client } = await startEcho({
    async *repeat(request) {
      for (let index = 0; index < 500; index += 1) yield request;
      throw new RpcError(Code.ABORTED, 'Try again');
    },
  });
  let responses = 0;
  const counted = new Promise<unknown>((resolve) => {
    client.repeat({}).subscribe({ next: () => (responses += 1), error: resolve });
  });
  await expect(counted).resolves.toMatchObject({ code: Code.ABORTED });
  expect(responses).toBe(500);
});

it('is INTERNAL when a response cannot be decoded', async () => {
  const { client } = openEcho(await startHttp2Peer((stream) => respondWith(stream, NO_MESSAGE)));
  for (const call of [client.say({}), lastValueFrom(client.repeat({}))]) {
    expect(await failureOf(call)).toMatchObject({
      code: Code.INTERNAL,
      message: 'The response is not a google.protobuf.Any',
    });
  }
});

it('is INTERNAL when a request cannot be encoded', async () => {
  const { client } = await startEcho();
  const request = null as never;
  for (const call of [client.say(request), lastValueFrom(client.repeat(request))]) {
    expect(await failureOf(call)).toMatchObject({
      code: Code.INTERNAL,
      message: 'The request is not a google.protobuf.Any',
    });
  }
});

it('is UNIMPLEMENTED when a call for one response gets none, or several', async () => {
  const responses: Buffer[] = [];
  const peer = await startHttp2Peer((stream) => respondWith(stream, ...responses));
  const { client } = openEcho(peer);
  expect(await failureOf(client.say({}))).toMatchObject({
    code: Code.UNIMPLEMENTED,
    message: 'The server sent no response to a call for one',
  });
  responses.push(EMPTY_MESSAGE, EMPTY_MESSAGE);
  expect(await failureOf(client.say({}))).toMatchObject({
    code: Code.UNIMPLEMENTED,
    message: 'The server sent more than one response to a call for one',
  });
});

it('is RESOURCE_EXHAUSTED for a request above the limit, which is not sent', async () => {
  let calls = 0;
  const { client } = await startEcho(
    { say: async (request) => ((calls += 1), request) },
    { maxMessageBytes: 64 * 1024 * 1024 },
  );
  const request = { value: Buffer.alloc(4 * 1024 * 1024) };
  expect(await failureOf(client.say(request))).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  await client.say({});
  expect(calls).toBe(1);
});

it('is RESOURCE_EXHAUSTED for a response above the limit', async () => {
  const { client } = await startEcho(
    { say: async () => ({ value: Buffer.alloc(4 * 1024 * 1024) }) },
    { maxMessageBytes: 64 * 1024 * 1024 },
  );
  expect(await failureOf(client.say({}))).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
});

it('is INVALID_ARGUMENT for metadata that cannot be sent', async () => {
  const { client } = await startEcho();
  const metadata = { 'not a key': 'value' };
  expect(await failureOf(client.say({}, { metadata }))).toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringMatching(/^Bad metadata: /),
  });
});

it('is UNIMPLEMENTED where there is no such method', async () => {
  const { client } = openEcho(
    await startHttp2Peer((stream) => stream.respond({ ':status': 404 }, { endStream: true })),
  );
  expect(await failureOf(client.say({}))).toMatchObject({ code: Code.UNIMPLEMENTED });
});

it('carries the trailers of the call, for whoever retries', async () => {
  const peer = await startHttp2Peer((stream) =>
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': '14',
        'grpc-retry-pushback-ms': '250',
      },
      { endStream: true },
    ),
  );
  const error = await failureOf(openEcho(peer).client.say({}));
  expect(error).toMatchObject({ code: Code.UNAVAILABLE, message: 'UNAVAILABLE' });
  expect(trailersOf(error)?.get('grpc-retry-pushback-ms')).toEqual(['250']);
  expect(trailersOf(new RpcError(Code.ABORTED, ''))).toBeUndefined();
});

it('tells where the call was made', async () => {
  const { client } = await startEcho({ say: () => Promise.reject(new Error()) });
  async function placeOrder() {
    await client.say({});
  }
  const { stack } = await failureOf(placeOrder());
  expect(stack).toContain('placeOrder');
});
