import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { currentCall } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { createFixedLimit } from '../host/overload/fixed-limit.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost, type EchoHandlers, type EchoHost } from '../spec/echo-service.ts';
import type { HostCall, HostInterceptor, ServeRequests } from './host-interceptor.ts';

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await host.drain({ force: true });
});

async function serve(
  interceptors: readonly HostInterceptor[],
  handlers: EchoHandlers = {},
  options: Parameters<typeof startEchoHost>[1] = {},
) {
  host = await startEchoHost(handlers, { interceptors, ...options });
  client = openEchoClient(host.address);
}

/** Keeps what it has seen: a line when a call comes, and one when it has ended. */
function recorder(name = 'call') {
  const lines: string[] = [];
  const calls: HostCall[] = [];
  const ended = Promise.withResolvers<RpcError | undefined>();
  const interceptor: HostInterceptor = (next) => (requests, call) => {
    lines.push(`${name} ${call.method.name}`);
    calls.push(call);
    call.onEnd((error) => {
      lines.push(`${name} ${error ? error.code : 'OK'}`);
      ended.resolve(error);
    });
    return next(requests, call);
  };
  return { lines, calls, ended: ended.promise, interceptor };
}

const statusOf = (response: Promise<unknown>) =>
  response.then(
    () => Code.OK,
    (error: ServiceError) => error.code,
  );

it('stands around the calls of all four kinds', async () => {
  const { lines, interceptor } = recorder();
  await serve([interceptor]);
  await client.say({ typeUrl: 'a' }).response;
  expect(await readAll(client.repeat({ typeUrl: '3' }))).toHaveLength(3);
  const collected = client.collect();
  collected.call.write({ typeUrl: '', value: Buffer.from('ab') });
  collected.call.end();
  expect((await collected.response).value).toEqual(Buffer.from('ab'));
  const conversation = client.converse();
  conversation.write({ typeUrl: 'x', value: Buffer.alloc(0) });
  conversation.end();
  expect(await readAll(conversation)).toHaveLength(1);
  expect(lines).toEqual(
    ['Say', 'Repeat', 'Collect', 'Converse'].flatMap((name) => [`call ${name}`, 'call OK']),
  );
});

it('knows what the call is, and shares its context with the handler', async () => {
  const { calls, interceptor } = recorder();
  let isSame = false;
  let peer = '';
  await serve([interceptor], {
    say: async (request, call) => {
      isSame = call === calls[0]?.context && currentCall() === call;
      peer = calls[0]!.peer;
      return request;
    },
  });
  const metadata = new Metadata();
  metadata.set('tenant', 't1');
  await client.say({}, { metadata }).response;
  expect(isSame).toBe(true);
  expect(calls[0]?.path).toBe('/spec.v1.Echo/Say');
  expect(peer).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(calls[0]?.service.fullName).toBe('spec.v1.Echo');
  expect(calls[0]?.metadata.get('tenant')).toEqual(['t1']);
});

it('runs in the order in which it is given', async () => {
  const lines: string[] = [];
  const named =
    (name: string): HostInterceptor =>
    (next) =>
    (requests, call) => {
      lines.push(name);
      return next(requests, call);
    };
  await serve([named('outer'), named('inner')]);
  await client.say({}).response;
  expect(lines).toEqual(['outer', 'inner']);
});

it('ends a call with what it throws, before anything of the request is decoded', async () => {
  let isServed = false;
  const refuse: HostInterceptor = () => () => {
    throw new RpcError(Code.UNAUTHENTICATED, 'A token is needed');
  };
  await serve([refuse], {
    say: async (request) => {
      isServed = true;
      return request;
    },
  });
  expect(await statusOf(client.say({}).response)).toBe(Code.UNAUTHENTICATED);
  await expect(readAll(client.repeat({ typeUrl: '1' }))).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
  });
  expect(isServed).toBe(false);
});

it('can change requests and responses', async () => {
  const shout = (<Outcome>(next: ServeRequests<Outcome>): ServeRequests<Outcome> =>
    (requests, call) => {
      async function* louder() {
        for await (const request of requests) {
          yield { ...(request as object), typeUrl: (request as { typeUrl: string }).typeUrl + '!' };
        }
      }
      return next(louder(), call);
    }) satisfies HostInterceptor;
  await serve([shout]);
  expect(await client.say({ typeUrl: 'hi' }).response).toMatchObject({ typeUrl: 'hi!' });
});

it('learns of the failure of a handler, and of a deadline that passes', async () => {
  const failing = recorder();
  await serve([failing.interceptor], {
    say: () => Promise.reject(new RpcError(Code.NOT_FOUND, 'no t1')),
    collect: () => new Promise(() => undefined),
  });
  await statusOf(client.say({}).response);
  expect(await failing.ended).toMatchObject({ code: Code.NOT_FOUND });
  // Told to the host alone: a client that knows of it cancels the call when it passes, and may be first.
  const metadata = new Metadata();
  metadata.set('grpc-timeout', '50m');
  expect(await statusOf(client.collect({ metadata }).response)).toBe(Code.DEADLINE_EXCEEDED);
  await host.drain();
  expect(failing.lines).toContain(`call ${Code.DEADLINE_EXCEEDED}`);
});

it('sees calls that are refused, and leaves their status as it is', async () => {
  const { lines, interceptor } = recorder();
  const serving = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const stubborn: HostInterceptor = (next) => (requests, call) => {
    try {
      return next(requests, call);
    } catch {
      throw new RpcError(Code.INTERNAL, 'too late');
    }
  };
  const say = async (request: object) => {
    serving.resolve();
    await goOn.promise;
    return request;
  };
  await serve([interceptor, stubborn], { say }, { concurrencyLimit: createFixedLimit(1) });
  const waiting = client.say({});
  await serving.promise;
  expect(await statusOf(client.say({}).response)).toBe(Code.RESOURCE_EXHAUSTED);
  expect(lines).toEqual(['call Say', 'call Say', `call ${Code.RESOURCE_EXHAUSTED}`]);
  goOn.resolve();
  await waiting.response;
});

it('sees invalid requests, and nothing of health', async () => {
  const { lines, interceptor } = recorder();
  await serve([interceptor]);
  const bytes = () => Buffer.from([0xff]);
  for (const path of ['/grpc.health.v1.Health/Check', '/spec.v1.Echo/Say']) {
    await new Promise((resolve) => client.bare.makeUnaryRequest(path, bytes, bytes, {}, resolve));
  }
  expect(lines).toEqual(['call Say', `call ${Code.INTERNAL}`]);
});
