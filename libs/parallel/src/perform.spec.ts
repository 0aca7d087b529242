import { jest } from '@jest/globals';
import { createLimits } from './limits.ts';
import type { Perform } from './perform.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();

/** What makes a run durable: outcomes by their ids. */
function recording(recorded = new Map<string, unknown>()) {
  const perform: Perform = async ({ id, kind, call }) => {
    const key = `${kind} ${id}`;
    if (!recorded.has(key)) recorded.set(key, await call());
    return recorded.get(key);
  };
  return { perform, recorded };
}

it('may record each outcome, and give it again without a call', async () => {
  const call = jest.fn((item: string) => `${item}!`);
  const made = plan<void>()
    .step('a', () => call('a'))
    .each(
      'all',
      ['a'],
      ({ a }) => [a, 'b'],
      (item) => call(item),
      { key: String },
    );
  const { perform, recorded } = recording();
  const first = await run(made, undefined, { signal, perform }).result;
  expect([...recorded.keys()]).toEqual(['call a', 'call all[a!]', 'call all[b]']);
  const second = await run(made, undefined, { signal, perform }).result;
  expect(second.values).toEqual(first.values);
  expect(call).toHaveBeenCalledTimes(3);
  expect(second.trace).toMatchObject([
    { id: 'a', attempts: 0, state: 'succeeded' },
    { id: 'all', attempts: 0, state: 'succeeded' },
    { id: 'all[a!]', attempts: 0, state: 'succeeded' },
    { id: 'all[b]', attempts: 0, state: 'succeeded' },
  ]);
});

it('stands around a step with all its repetitions, and around an undo', async () => {
  const kinds: string[] = [];
  const perform: Perform = async ({ id, kind, call, signal: own }) => {
    kinds.push(`${kind} ${id} ${own.aborted}`);
    return call();
  };
  const fail = jest.fn(() => Promise.reject(new Error('no')));
  const retry = { maxAttempts: 3, isRetryable: () => ({ delayMs: 0 }) };
  const made = plan<void>()
    .step('a', () => 1, { undo: () => {} })
    .step('b', ['a'], fail, { retry });
  const { result, undone } = run(made, undefined, { signal, perform });
  await expect(result).rejects.toThrow('no');
  await undone;
  expect(fail).toHaveBeenCalledTimes(3);
  expect(kinds).toEqual(['call a false', 'call b false', 'undo a false']);
});

it('may give a failure without a call, which may have to be undone', async () => {
  const undoUnknown = jest.fn();
  const sorry = new Error('recorded');
  const made = plan<void>().step('a', () => 1, { undoUnknown });
  const perform: Perform = ({ kind, call }) => (kind === 'call' ? Promise.reject(sorry) : call());
  const { result, undone } = run(made, undefined, { signal, perform });
  await expect(result).rejects.toBe(sorry);
  expect(await undone).toEqual([{ id: 'a', ok: true }]);
  expect(undoUnknown).toHaveBeenCalledWith(sorry, expect.anything());
});

it('keeps no place of a call while it writes down what came of it', async () => {
  const limits = createLimits({ perTarget: 1 });
  const written = Promise.withResolvers<void>();
  const perform: Perform = async ({ call }) => {
    const value = await call();
    await written.promise;
    return value;
  };
  const made = plan<void>()
    .step('a', () => 1, { target: 't' })
    .step('b', () => (written.resolve(), 2), { target: 't' });
  const { values } = await run(made, undefined, { signal, perform, limits }).result;
  expect(values).toEqual({ a: 1, b: 2 });
});

it('may stop a call by a signal of its own, and say what becomes of the step', async () => {
  const own = new AbortController();
  const signals: AbortSignal[] = [];
  const call = (context: { signal: AbortSignal }): Promise<never> => {
    signals.push(context.signal);
    return new Promise((_, reject) => {
      const { signal } = context;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  };
  const perform: Perform = (task) => task.call(own.signal).catch(() => 'given up');
  const { result } = run(plan<void>().step('a', call), undefined, { signal, perform });
  own.abort(new Error('enough'));
  expect((await result).values.a).toBe('given up');
  expect(signals[0]!.aborted).toBe(true);
});
