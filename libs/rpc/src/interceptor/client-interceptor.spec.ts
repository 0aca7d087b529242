import { Metadata } from '@grpc/grpc-js';
import { firstValueFrom, from, lastValueFrom, map, NEVER, of, toArray } from 'rxjs';
import type { CallContext } from '../call/call-context.ts';
import { currentCall } from '../call/call-context.ts';
import { createClient } from '../client/client.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { closeAll, closeLater, openEcho, startEcho } from '../spec/echo.ts';
import { EchoDefinition, startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers } from '../spec/echo-service.ts';
import { startHttp2Peer } from '../spec/http2-peer.ts';
import type { ClientCall, ClientInterceptor } from './client-interceptor.ts';
import { interceptByKind } from './client-interceptor.ts';

afterEach(closeAll);

async function intercept(interceptors: readonly ClientInterceptor[], handlers?: EchoHandlers) {
  const host = await startEchoHost(handlers);
  closeLater(() => host.drain({ force: true }));
  const { channel } = openEcho(host.address);
  return { client: createClient(EchoDefinition, channel, { interceptors }), channel };
}

/** Notes each call and how it ended. */
function noting() {
  const calls: { call: ClientCall; end: RpcError | undefined | 'open' }[] = [];
  const note: ClientInterceptor = (next) => (request, call) => {
    const noted: (typeof calls)[number] = { call, end: 'open' };
    calls.push(noted);
    call.onEnd((error) => (noted.end = error));
    return next(request, call);
  };
  return { note, calls };
}

it('stands around calls of all four kinds, and sees what they are and how they end', async () => {
  const { note, calls } = noting();
  const { client, channel } = await intercept([note]);
  await client.say({ typeUrl: 'one' }, { timeoutMs: 60_000 });
  await lastValueFrom(client.repeat({ typeUrl: '3' }));
  await client.collect(from([{}, {}]));
  await lastValueFrom(client.converse(of({})));
  expect(calls.map(({ call, end }) => [call.path, call.method.name, end])).toEqual([
    ['/spec.v1.Echo/Say', 'Say', undefined],
    ['/spec.v1.Echo/Repeat', 'Repeat', undefined],
    ['/spec.v1.Echo/Collect', 'Collect', undefined],
    ['/spec.v1.Echo/Converse', 'Converse', undefined],
  ]);
  const [{ call: say }, { call: repeat }] = calls as [(typeof calls)[0], (typeof calls)[0]];
  expect(say).toMatchObject({ service: EchoDefinition, target: channel.address });
  expect(say.deadline).toBeGreaterThan(Date.now() + 30_000);
  expect(repeat.deadline).toBe(Infinity);
});

it('adds to what is sent, and leaves what the caller gave as it was', async () => {
  const given: CallContext[] = [];
  const token: ClientInterceptor = (next) => (request, call) => {
    call.metadata.set('authorization', 'Bearer 42');
    return next(request, call);
  };
  const { client } = await intercept([token], {
    say: async (request, call) => (given.push(call), request),
    async *repeat(request, call) {
      given.push(call);
      yield request;
    },
  });
  const metadata = new Metadata();
  metadata.set('x-request-id', '7');
  await client.say({}, { metadata });
  await lastValueFrom(client.repeat({}, { metadata }));
  for (const call of given) {
    expect(call.metadata.get('authorization')).toEqual(['Bearer 42']);
    expect(call.metadata.get('x-request-id')).toEqual(['7']);
  }
  expect(given).toHaveLength(2);
  expect(metadata.get('authorization')).toEqual([]);
});

it('sees what the server sends along', async () => {
  const peer = await startHttp2Peer((stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'x-shard': '3' },
      { waitForTrailers: true },
    );
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-cost': '9' }));
    stream.end(Buffer.alloc(5));
  });
  const { note, calls } = noting();
  const client = createClient(EchoDefinition, openEcho(peer).channel, { interceptors: [note] });
  await client.say({});
  await lastValueFrom(client.repeat({}));
  for (const { call } of calls) {
    expect(call.responseHeaders?.get('x-shard')).toEqual(['3']);
    expect(call.responseTrailers?.get('x-cost')).toEqual(['9']);
  }
});

it('sees the error that its caller gets, and the trailers that came with it', async () => {
  const { note, calls } = noting();
  const refuse = () => Promise.reject(new RpcError(Code.ABORTED, 'Try again'));
  const { client } = await intercept([note], { say: refuse, collect: refuse });
  const errors = [
    await client.say({}).catch((error: unknown) => error),
    await client.collect(NEVER).catch((error: unknown) => error),
    await client.say({}, { timeoutMs: 0 }).catch((error: unknown) => error),
    await lastValueFrom(client.repeat({}, { timeoutMs: 0 })).catch((error: unknown) => error),
  ];
  expect(calls.map(({ end }) => end)).toEqual(errors);
  expect(errors).toMatchObject([
    { code: Code.ABORTED, method: '/spec.v1.Echo/Say', attempts: 1 },
    { code: Code.ABORTED, method: '/spec.v1.Echo/Collect', attempts: 1 },
    { code: Code.DEADLINE_EXCEEDED, method: '/spec.v1.Echo/Say' },
    { code: Code.DEADLINE_EXCEEDED, method: '/spec.v1.Echo/Repeat' },
  ]);
  expect(calls[0]!.call.responseTrailers).toBeInstanceOf(Metadata);
});

it('takes a stream that is unsubscribed for cancelled', async () => {
  const { note, calls } = noting();
  const { client } = await intercept([note]);
  await firstValueFrom(client.repeat({ typeUrl: '3' }));
  expect(calls[0]!.end).toMatchObject({ code: Code.CANCELLED, method: '/spec.v1.Echo/Repeat' });
});

it('runs for each subscription, and not before there is one', async () => {
  const { note, calls } = noting();
  const { client } = await intercept([note]);
  const answers = client.repeat({ typeUrl: '1' });
  expect(calls).toHaveLength(0);
  await lastValueFrom(answers);
  await lastValueFrom(answers);
  expect(calls).toHaveLength(2);
});

it('comes in the order of the list, and in the context of the caller', async () => {
  const order: string[] = [];
  const named =
    (name: string): ClientInterceptor =>
    (next) =>
    (request, call) => {
      order.push(`${name} in ${currentCall()?.method}`);
      return next(request, call);
    };
  const inner = await intercept([named('outer'), named('inner')]);
  const outer = await startEcho({ say: (request) => inner.client.say(request) });
  await outer.client.say({});
  expect(order).toEqual(['outer in /spec.v1.Echo/Say', 'inner in /spec.v1.Echo/Say']);
});

it('may answer in the place of the server, or change what it said', async () => {
  const { note, calls } = noting();
  const cached = { typeUrl: 'cached', value: new Uint8Array() };
  const change = interceptByKind({
    unary: (next) => async (request, call) =>
      (request as { typeUrl: string }).typeUrl === 'known' ? cached : next(request, call),
    stream: (next) => (request, call) => next(request, call).pipe(map(() => cached)),
  });
  const { client } = await intercept([note, change]);
  await expect(client.say({ typeUrl: 'known' })).resolves.toBe(cached);
  await expect(client.say({ typeUrl: 'other' })).resolves.toMatchObject({ typeUrl: 'other' });
  await expect(lastValueFrom(client.repeat({ typeUrl: '2' }).pipe(toArray()))).resolves.toEqual([
    cached,
    cached,
  ]);
  expect(calls.map(({ end }) => end)).toEqual([undefined, undefined, undefined]);
});

it('leaves calls alone whose kind it names nothing for', async () => {
  const { client } = await intercept([interceptByKind({})]);
  await client.say({});
  await lastValueFrom(client.repeat({ typeUrl: '1' }));
});

it('fails the call with what it throws', async () => {
  const refuse: ClientInterceptor = () => () => {
    throw new RpcError(Code.UNAUTHENTICATED, 'No token');
  };
  const stumble: ClientInterceptor = () => () => {
    throw new TypeError('undefined is not a function');
  };
  for (const [interceptor, code] of [
    [refuse, Code.UNAUTHENTICATED],
    [stumble, Code.INTERNAL],
  ] as const) {
    const { note, calls } = noting();
    const { client } = await intercept([note, interceptor]);
    await expect(client.say({})).rejects.toMatchObject({ name: 'RpcError', code });
    await expect(lastValueFrom(client.repeat({}))).rejects.toMatchObject({ code });
    expect(calls).toMatchObject([{ end: { code } }, { end: { code } }]);
  }
});

it('does not keep cancellation from the server', async () => {
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { note } = noting();
  const { client } = await intercept([note], {
    say: (_request, { signal }) => {
      started.resolve();
      signal.addEventListener('abort', () => ended.resolve());
      return new Promise(() => {});
    },
  });
  const controller = new AbortController();
  const call = client.say({}, { signal: controller.signal });
  await started.promise;
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  await ended.promise;
});

it('is not asked to send more than 64 KiB of headers', async () => {
  const tooMuch: ClientInterceptor = (next) => (request, call) => {
    call.metadata.set('x-large', 'a'.repeat(65 * 1024));
    return next(request, call);
  };
  const { client } = await intercept([tooMuch]);
  await expect(client.say({})).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  await expect(lastValueFrom(client.repeat({}))).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});
