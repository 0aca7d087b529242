import { jest } from '@jest/globals';
import { Code, RpcError, retryInfo } from '@trivium/rpc';
import { type HedgeOptions, Overtaken, hedge } from './hedge.ts';

const unavailable = new RpcError(Code.UNAVAILABLE, 'Not now');

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** The delay has passed, and what had arrived by then was let in first. */
const afterDelay = () => jest.advanceTimersByTimeAsync(101);

/** A call hedged after 100 ms, whose attempts a spec ends by hand. */
function hedged(options: Partial<HedgeOptions> = {}) {
  const attempts: (PromiseWithResolvers<string> & { readonly signal: AbortSignal })[] = [];
  const mayHedge = jest.fn(() => true);
  const call = hedge<string>(
    (signal) => {
      const attempt = { ...Promise.withResolvers<string>(), signal };
      attempts.push(attempt);
      return attempt.promise;
    },
    { delayMs: 100, mayHedge, heals: ({ code }) => code === Code.UNAVAILABLE, ...options },
  );
  return { call, attempts, mayHedge };
}

it('makes one attempt when that ends before the delay', async () => {
  const { call, attempts } = hedged();
  await jest.advanceTimersByTimeAsync(99);
  attempts[0]!.resolve('first');
  await expect(call).resolves.toBe('first');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(attempts).toHaveLength(1);
});

it('lets in a response that came with the delay before it makes a second attempt', async () => {
  const { call, attempts } = hedged();
  setTimeout(() => attempts[0]!.resolve('first'), 100);
  await jest.advanceTimersByTimeAsync(1_000);
  await expect(call).resolves.toBe('first');
  expect(attempts).toHaveLength(1);
});

it('makes a second attempt after the delay, and no third', async () => {
  const { call, attempts } = hedged();
  await afterDelay();
  expect(attempts).toHaveLength(2);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(attempts).toHaveLength(2);
  attempts[0]!.resolve('first');
  await expect(call).resolves.toBe('first');
});

it.each([
  [0, 1],
  [1, 0],
])(
  'returns the first good response, of attempt %d, and cancels attempt %d if it is asked to',
  async (winner, loser) => {
    const { call, attempts } = hedged({ losers: 'abort' });
    await afterDelay();
    attempts[winner]!.resolve('good');
    await expect(call).resolves.toBe('good');
    expect(attempts[winner]!.signal.aborted).toBe(false);
    expect(attempts[loser]!.signal.reason).toBeInstanceOf(Overtaken);
    attempts[loser]!.reject(new RpcError(Code.CANCELLED, 'Cancelled'));
  },
);

it('lets the slower attempt finish unheard, as long as the caller is there', async () => {
  const controller = new AbortController();
  const { call, attempts } = hedged({ signal: controller.signal });
  await afterDelay();
  attempts[1]!.resolve('good');
  await expect(call).resolves.toBe('good');
  expect(attempts[0]!.signal.aborted).toBe(false);
  controller.abort();
  expect(attempts[0]!.signal.aborted).toBe(true);
  attempts[0]!.reject(new RpcError(Code.CANCELLED, 'Cancelled'));
});

it('holds the second attempt back for as long as it is told', async () => {
  const holds = [30, 20, 0];
  const { attempts } = hedged({ holdMs: () => holds.shift()! });
  await jest.advanceTimersByTimeAsync(149);
  expect(attempts).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(10);
  expect(attempts).toHaveLength(2);
});

it('makes the second attempt at once when the first fails with a status that heals', async () => {
  const { call, attempts } = hedged();
  attempts[0]!.reject(unavailable);
  await jest.advanceTimersByTimeAsync(0);
  expect(attempts).toHaveLength(2);
  attempts[1]!.resolve('second');
  await expect(call).resolves.toBe('second');
});

it('waits for the other attempt when one fails with a status that heals', async () => {
  const { call, attempts } = hedged();
  await afterDelay();
  attempts[1]!.reject(unavailable);
  await jest.advanceTimersByTimeAsync(1_000);
  attempts[0]!.resolve('first');
  await expect(call).resolves.toBe('first');
});

it('ends when both have failed, with the last failure', async () => {
  const { call, attempts } = hedged();
  await afterDelay();
  attempts[0]!.reject(new RpcError(Code.UNAVAILABLE, 'The first'));
  attempts[1]!.reject(new RpcError(Code.UNAVAILABLE, 'The last'));
  await expect(call).rejects.toThrow('The last');
});

it('ends with a failure that does not heal, and cancels the other attempt', async () => {
  const { call, attempts } = hedged();
  await afterDelay();
  attempts[1]!.reject(new RpcError(Code.NOT_FOUND, 'No such thing'));
  await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND });
  expect(attempts[0]!.signal.aborted).toBe(true);
});

it('makes no second attempt when the server says when to come again', async () => {
  const { call, attempts } = hedged();
  attempts[0]!.reject(new RpcError(Code.UNAVAILABLE, 'Later', { details: [retryInfo(10)] }));
  await expect(call).rejects.toThrow('Later');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(attempts).toHaveLength(1);
});

it('makes no second attempt that is not paid for, and asks once', async () => {
  const mayHedge = jest.fn(() => false);
  const { call, attempts } = hedged({ mayHedge });
  await jest.advanceTimersByTimeAsync(10_000);
  attempts[0]!.reject(unavailable);
  await expect(call).rejects.toBe(unavailable);
  expect(attempts).toHaveLength(1);
  expect(mayHedge).toHaveBeenCalledTimes(1);
});

it('aborts all attempts with the caller, and makes no other', async () => {
  const controller = new AbortController();
  const { call, attempts } = hedged({ signal: controller.signal });
  await afterDelay();
  controller.abort();
  expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  attempts[0]!.reject(new RpcError(Code.CANCELLED, 'Cancelled'));
  attempts[1]!.reject(new RpcError(Code.CANCELLED, 'Cancelled'));
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
});

it('makes no second attempt after the caller has left', async () => {
  const controller = new AbortController();
  const { call, attempts } = hedged({ signal: controller.signal });
  controller.abort();
  attempts[0]!.reject(unavailable);
  await expect(call).rejects.toBe(unavailable);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(attempts).toHaveLength(1);
});
