import { jest } from '@jest/globals';
import { createLimits } from './limits.ts';
import { StepTimedOut } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();
const never = (): Promise<never> => new Promise(() => {});
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('a step that is repeated', () => {
  it('is called again after a pause that is random up to a bound that doubles', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const call = jest.fn(() => Promise.reject<number>(new Error('down')));
    const retry = { maxAttempts: 4, isRetryable: () => true, maxBackOffMs: 300 };
    const { result } = run(plan<void>().step('a', call, { retry }), undefined, { signal });
    result.catch(() => {});
    for (const [pauseMs, calls] of [
      [0, 1],
      [49, 1],
      [1, 2],
      [99, 2],
      [1, 3],
      [149, 3],
      [1, 4],
    ] as const) {
      await jest.advanceTimersByTimeAsync(pauseMs);
      expect(call).toHaveBeenCalledTimes(calls);
    }
    await expect(result).rejects.toThrow('down');
  });

  it('ends with the first value, and says how many calls it took', async () => {
    const call = jest.fn(() => 1);
    call.mockImplementationOnce(() => {
      throw new Error('once');
    });
    const retry = { maxAttempts: 3, isRetryable: () => ({ delayMs: 20 }) };
    const { result } = run(plan<void>().step('a', call, { retry }), undefined, { signal });
    await jest.advanceTimersByTimeAsync(19);
    expect(call).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    expect((await result).trace).toMatchObject([{ id: 'a', attempts: 2, startMs: 0, endMs: 20 }]);
  });

  it('is not called again for a failure that leaves no hope', async () => {
    const call = jest.fn(() => Promise.reject<number>(new Error('no such thing')));
    const isRetryable = jest.fn(() => false);
    const retry = { maxAttempts: 3, isRetryable };
    const { result } = run(plan<void>().step('a', call, { retry }), undefined, { signal });
    await expect(result).rejects.toThrow('no such thing');
    expect(isRetryable).toHaveBeenCalledTimes(1);
  });

  it('gives each call its own time, and all of them the time of the step', async () => {
    const signals: AbortSignal[] = [];
    const call = (context: { signal: AbortSignal }): Promise<never> => {
      signals.push(context.signal);
      return never();
    };
    const retry = {
      ...{ maxAttempts: 9, attemptTimeoutMs: 10, initialBackOffMs: 0 },
      isRetryable: (reason: unknown) => reason instanceof StepTimedOut,
    };
    const slow = plan<void>().step('a', call, { retry, timeoutMs: 25, optional: true });
    const { result } = run(slow, undefined, { signal });
    await jest.advanceTimersByTimeAsync(25);
    expect((await result).values.a).toEqual({ ok: false, reason: new StepTimedOut('a', 25) });
    expect(signals.map(({ reason }) => (reason as StepTimedOut).timeoutMs)).toEqual([10, 10, 25]);
  });

  it('leaves its place to others while it pauses', async () => {
    const gate = Promise.withResolvers<void>();
    const calls: string[] = [];
    const retry = { maxAttempts: 2, isRetryable: () => ({ delayMs: 10 }) };
    const two = plan<void>()
      .step('a', () => Promise.reject(new Error(calls.push('a').toString())), {
        retry,
        optional: true,
      })
      .step('b', () => (calls.push('b'), gate.promise));
    const { result } = run(two, undefined, { signal, maxInFlight: 1 });
    await settle();
    expect(calls).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(100);
    expect(calls).toEqual(['a', 'b']);
    gate.resolve();
    await result;
    expect(calls).toEqual(['a', 'b', 'a']);
  });

  it('stops pausing when the run stops', async () => {
    const controller = new AbortController();
    const retry = { maxAttempts: 2, isRetryable: () => ({ delayMs: 10_000 }) };
    const call = jest.fn(() => Promise.reject(new Error('down')));
    const { result } = run(plan<void>().step('a', call, { retry }), undefined, controller);
    await settle();
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    await settle();
    expect(jest.getTimerCount()).toBe(0);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('a step that is hedged', () => {
  /** A step hedged after 50 ms, whose calls a spec ends by hand. */
  function hedged(losers?: 'finish' | 'abort') {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const signals: AbortSignal[] = [];
    const made = plan<void>().step(
      'a',
      (context) => gates[signals.push(context.signal) - 1]!.promise,
      { hedge: { delayMs: 50, ...(losers && { losers }) }, target: 't' },
    );
    return { made, gates, signals };
  }

  it('is called a second time after the delay, and ends with the first value', async () => {
    const { made, gates, signals } = hedged();
    const limits = createLimits();
    const { result } = run(made, undefined, { signal, limits });
    await jest.advanceTimersByTimeAsync(49);
    expect(signals).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(signals).toHaveLength(2);
    gates[1]!.resolve('second');
    const { values, trace } = await result;
    expect(values.a).toBe('second');
    expect(trace).toMatchObject([{ attempts: 2 }]);
    expect(signals[0]!.aborted).toBe(false);
  });

  it('keeps the place of the slower call until it has finished', async () => {
    const { made, gates } = hedged();
    const limits = createLimits({ perTarget: 2 });
    const { result } = run(made, undefined, { signal, limits });
    await jest.advanceTimersByTimeAsync(50);
    expect(limits.inFlight('t')).toBe(2);
    gates[1]!.resolve('second');
    await result;
    expect(limits.inFlight('t')).toBe(1);
    gates[0]!.reject(new Error('heard by nobody'));
    await settle();
    expect(limits.inFlight('t')).toBe(0);
  });

  it('aborts the slower call if it is asked to', async () => {
    const { made, gates, signals } = hedged('abort');
    const { result } = run(made, undefined, { signal });
    await jest.advanceTimersByTimeAsync(50);
    gates[0]!.resolve('first');
    await result;
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  it('ends with a failure only when no other call is left', async () => {
    const { made, gates } = hedged();
    const { result } = run(made, undefined, { signal });
    await jest.advanceTimersByTimeAsync(50);
    gates[0]!.reject(new Error('one'));
    await settle();
    gates[1]!.resolve('other');
    expect((await result).values.a).toBe('other');
  });

  it('is not hedged where there is no room for it, or no delay is known', async () => {
    const call = jest.fn(() => new Promise((resolve) => setTimeout(resolve, 100)));
    for (const delayMs of [1, () => undefined]) {
      const { result } = run(plan<void>().step('a', call, { hedge: { delayMs } }), undefined, {
        ...{ signal, maxInFlight: typeof delayMs === 'number' ? 1 : 2 },
      });
      await jest.advanceTimersByTimeAsync(100);
      expect((await result).trace).toMatchObject([{ attempts: 1 }]);
    }
  });

  it('aborts all of its calls with the run, one that has lost included', async () => {
    const { made, gates, signals } = hedged();
    const controller = new AbortController();
    const { result } = run(made.step('b', ['a'], never), undefined, controller);
    await jest.advanceTimersByTimeAsync(50);
    gates[1]!.resolve('second');
    await settle();
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    expect(signals[0]!.aborted).toBe(true);
  });
});
