import { lastValueFrom } from 'rxjs';
import { currentCall, detached } from '../call/call-context.ts';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { closeAll, openEcho, startEcho } from '../spec/echo.ts';
import type { CallOptions } from './call-options.ts';
import { openChannel } from './channel.ts';
import { createClient } from './client.ts';
import type { ClientOptions } from './client.ts';
import { outgoingDeadline } from './deadline.ts';
import { EchoDefinition } from '../spec/echo-service.ts';

const HOUR_MS = 60 * 60 * 1000;

afterEach(closeAll);

/** How much time the server was given, from when the call was made. */
async function timeGivenMs(options: CallOptions, method: 'say' | 'repeat' = 'say') {
  let deadline = NaN;
  const see = (call: CallContext) => void (deadline = call.deadline);
  const { client } = await startEcho(
    {
      say: async (request, call) => (see(call), request),
      async *repeat(request, call) {
        see(call);
        yield request;
      },
    },
    { defaultTimeoutMs: Infinity },
  );
  const calledAt = Date.now();
  if (method === 'say') await client.say({}, options);
  else await lastValueFrom(client.repeat({}, options));
  return deadline - calledAt;
}

/** The same for a call that is made while another is served, which has `incomingMs`. */
async function timePassedOnMs(
  incomingMs: number,
  call: (inner: () => Promise<unknown>) => unknown,
) {
  let deadline = NaN;
  const inner = await startEcho({
    say: async (request, { deadline: given }) => ((deadline = given), request),
  });
  const outer = await startEcho({
    say: async (request) => {
      await call(() => inner.client.say({}, { timeoutMs: 2 * HOUR_MS }));
      return request;
    },
  });
  const calledAt = Date.now();
  await outer.client.say({}, { timeoutMs: incomingMs });
  return deadline - calledAt;
}

it('is 10 s away for a unary call that is told nothing', async () => {
  const givenMs = await timeGivenMs({});
  expect(givenMs).toBeGreaterThan(9_900);
  expect(givenMs).toBeLessThan(HOUR_MS);
});

it('is as far away as the call says', async () => {
  expect(await timeGivenMs({ timeoutMs: HOUR_MS })).toBeGreaterThan(0.99 * HOUR_MS);
});

it('does not exist for a stream that is told nothing', async () => {
  expect(await timeGivenMs({}, 'repeat')).toBe(Infinity);
  expect(await timeGivenMs({ timeoutMs: HOUR_MS }, 'repeat')).toBeLessThan(2 * HOUR_MS);
});

it.each([2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])(
  'is 24 hours away at most, for a timeout of %p ms',
  async (timeoutMs) => {
    const givenMs = await timeGivenMs({ timeoutMs });
    expect(givenMs).toBeGreaterThan(23 * HOUR_MS);
    expect(givenMs).toBeLessThan(25 * HOUR_MS);
  },
);

it('is no later than that of the call which is being served', async () => {
  const givenMs = await timePassedOnMs(HOUR_MS, (inner) => inner());
  expect(givenMs).toBeGreaterThan(0.9 * HOUR_MS);
  expect(givenMs).toBeLessThan(1.1 * HOUR_MS);
});

it('leaves the incoming call a reserve to answer in, of 5 ms unless told otherwise', () => {
  const incomingDeadline = Date.now() + HOUR_MS;
  const given = { timeoutMs: undefined, incomingDeadline };
  expect(outgoingDeadline({ ...given, reserveMs: 5 })).toBe(incomingDeadline - 5);
  const own = outgoingDeadline({ ...given, timeoutMs: HOUR_MS / 2, reserveMs: 5 });
  expect(own).toBeLessThan(incomingDeadline - HOUR_MS / 3);
  const distant = { ...given, incomingDeadline: Date.now() + 100 * HOUR_MS, reserveMs: 5 };
  expect(outgoingDeadline(distant)).toBeLessThan(Date.now() + 25 * HOUR_MS);
});

it('sends nothing when no more than the reserve is left of the incoming call', async () => {
  let calls = 0;
  const inner = await startEcho({ say: async (request) => ((calls += 1), request) });
  const client = createClient(EchoDefinition, inner.channel, { reserveMs: HOUR_MS });
  const outer = await startEcho({ say: (request) => client.say(request) });
  await expect(outer.client.say({})).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
    message: expect.stringMatching(/^Deadline exceeded: the \d+ ms left of the incoming call/),
  });
  expect(calls).toBe(0);
});

it('is its own where work is detached', async () => {
  const givenMs = await timePassedOnMs(HOUR_MS, (inner) => detached(inner));
  expect(givenMs).toBeGreaterThan(1.9 * HOUR_MS);
});

it('ends a call that is not answered, on both sides', async () => {
  const ended = Promise.withResolvers<void>();
  const { client, channel } = await startEcho({
    say: (_request, { signal }) => {
      signal.addEventListener('abort', () => ended.resolve());
      return new Promise(() => {});
    },
  });
  await channel.ready();
  await expect(client.say({}, { timeoutMs: 300 })).rejects.toMatchObject({
    name: 'RpcError',
    code: Code.DEADLINE_EXCEEDED,
  });
  await ended.promise;
});

it('ends a stream that goes on for too long', async () => {
  const { client } = await startEcho({
    async *repeat(request) {
      yield request;
      await new Promise(() => {});
    },
  });
  await expect(lastValueFrom(client.repeat({}, { timeoutMs: 50 }))).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
});

it('lets no call begin when it has passed', async () => {
  let calls = 0;
  const { client } = await startEcho({ say: async (request) => ((calls += 1), request) });
  await expect(client.say({}, { timeoutMs: 0 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
  await client.say({});
  expect(calls).toBe(1);
});

it.each([-1, NaN])('is not made of a timeout of %p ms', async (timeoutMs) => {
  const error = new RangeError(`Not a timeout in ms: ${timeoutMs}`);
  const { client, channel } = openEcho('127.0.0.1:1');
  await expect(client.say({}, { timeoutMs })).rejects.toThrow(error);
  await expect(lastValueFrom(client.repeat({}, { timeoutMs }))).rejects.toThrow(error);
  await expect(channel.ready({ timeoutMs })).rejects.toThrow(error);
  const create = (options: ClientOptions) => () =>
    createClient(EchoDefinition, openChannel('127.0.0.1:1'), options);
  expect(create({ timeoutMs })).toThrow(error);
  expect(create({ reserveMs: timeoutMs })).toThrow(error);
});

it('belongs to no call outside of one', () => {
  expect(currentCall()).toBeUndefined();
});
