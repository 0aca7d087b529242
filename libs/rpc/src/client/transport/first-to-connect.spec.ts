import { jest } from '@jest/globals';
import { firstToConnect } from './first-to-connect.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Hosts that connect when they are told to, and what becomes of them. */
function network() {
  const log: string[] = [];
  const pending = new Map<string, PromiseWithResolvers<{ close(): void }>>();
  return {
    log,
    connect(host: string, signal: AbortSignal): Promise<{ close(): void }> {
      log.push(`${host} begins`);
      signal.addEventListener('abort', () => log.push(`${host} is given up`));
      const attempt = Promise.withResolvers<{ close(): void }>();
      pending.set(host, attempt);
      return attempt.promise;
    },
    answer: (host: string) =>
      pending.get(host)!.resolve({ close: () => void log.push(`${host} is closed`) }),
    refuse: (host: string) => pending.get(host)!.reject(new Error(`${host} refuses`)),
  };
}

const never = new AbortController().signal;

it('is satisfied with the first host', async () => {
  const { connect, answer, log } = network();
  const connection = firstToConnect(['a', 'b'], connect, never);
  answer('a');
  await connection;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(log.filter((line) => line.startsWith('b'))).toEqual([]);
});

it('goes on to the next host at once when one refuses', async () => {
  const { connect, answer, refuse, log } = network();
  const connection = firstToConnect(['a', 'b'], connect, never);
  refuse('a');
  await jest.advanceTimersByTimeAsync(0);
  answer('b');
  await connection;
  expect(log.slice(0, 2)).toEqual(['a begins', 'b begins']);
});

it('tries the next host beside one that takes its time, and gives up the slower one', async () => {
  const { connect, answer, log } = network();
  const connection = firstToConnect(['a', 'b'], connect, never);
  await jest.advanceTimersByTimeAsync(249);
  expect(log).toEqual(['a begins']);
  await jest.advanceTimersByTimeAsync(1);
  answer('b');
  await connection;
  expect(log).toContain('a is given up');
  answer('a');
  await jest.advanceTimersByTimeAsync(0);
  expect(log.at(-1)).toBe('a is closed');
});

it('fails with the last error when all hosts refuse', async () => {
  const { connect, refuse } = network();
  const connection = firstToConnect(['a', 'b'], connect, never);
  const failed = expect(connection).rejects.toThrow('b refuses');
  refuse('a');
  await jest.advanceTimersByTimeAsync(0);
  refuse('b');
  await failed;
});

it('is given up with all that it has begun', async () => {
  const { connect, log } = network();
  const controller = new AbortController();
  const connection = firstToConnect(['a', 'b', 'c'], connect, controller.signal);
  const failed = expect(connection).rejects.toThrow('enough');
  await jest.advanceTimersByTimeAsync(250);
  controller.abort(new Error('enough'));
  await failed;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(log).toEqual(['a begins', 'b begins', 'a is given up', 'b is given up']);
});
