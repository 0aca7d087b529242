import { getEventListeners } from 'node:events';
import { jest } from '@jest/globals';
import { PlanDeadlineExceeded, StepTimedOut } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const never = (): Promise<never> => new Promise(() => {});
const { signal } = new AbortController();

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the timeout of a step', () => {
  it('aborts its signal and fails it, whatever its function does', async () => {
    const reasons: unknown[] = [];
    const slow = plan<void>()
      .step(
        'slow',
        (context) => {
          context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
          return never();
        },
        { timeoutMs: 500, optional: true },
      )
      .step('after', ['slow'], ({ slow }) => slow);
    const { result } = run(slow, undefined, { signal });
    await jest.advanceTimersByTimeAsync(499);
    expect(reasons).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    const reason = new StepTimedOut('slow', 500);
    expect(reasons).toEqual([reason]);
    expect((await result).values.after).toEqual({ ok: false, reason });
  });

  it('runs from the start of the step, not of the plan, and ends with it', async () => {
    const gate = Promise.withResolvers<void>();
    const late = plan<void>()
      .step('first', () => gate.promise)
      .step('second', ['first'], () => 2, { timeoutMs: 10 });
    const { result } = run(late, undefined, { signal });
    await jest.advanceTimersByTimeAsync(1_000);
    gate.resolve();
    await jest.advanceTimersByTimeAsync(0);
    expect(jest.getTimerCount()).toBe(0);
    expect((await result).values.second).toBe(2);
  });

  it('keeps the place of a function that ignores it until that has ended', async () => {
    const gate = Promise.withResolvers<void>();
    const next = jest.fn(() => 1);
    const two = plan<void>()
      .step('deaf', () => gate.promise, { timeoutMs: 5, optional: true })
      .step('next', next);
    const { result } = run(two, undefined, { signal, maxInFlight: 1 });
    await jest.advanceTimersByTimeAsync(100);
    expect(next).not.toHaveBeenCalled();
    gate.resolve();
    const { values } = await result;
    expect(values).toMatchObject({ deaf: { ok: false }, next: 1 });
  });
});

describe('the deadline of a plan', () => {
  const late = plan<void>()
    .step('price', () => 3)
    .step('stock', never)
    .step('total', ['price', 'stock'], ({ price, stock }) => price * stock);
  const reason = new PlanDeadlineExceeded(1_000);

  it('under collect resolves with what is there', async () => {
    const { result } = run(late, undefined, { signal, mode: 'collect', deadlineMs: 1_000 });
    await jest.advanceTimersByTimeAsync(1_000);
    const { values, trace } = await result;
    expect(values).toEqual({
      price: { ok: true, value: 3 },
      stock: { ok: false, reason },
      total: { ok: false, reason },
    });
    expect(trace).toMatchObject([
      { id: 'price', startMs: 0, endMs: 0, state: 'succeeded' },
      { id: 'stock', startMs: 0, endMs: 1_000, state: 'failed', reason },
      { id: 'total', startMs: 1_000, endMs: 1_000, state: 'skipped', reason },
    ]);
  });

  it('under fail fast rejects if a required result is missing', async () => {
    const { result } = run(late, undefined, { signal, deadlineMs: 1_000 });
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(result).rejects.toEqual(reason);
  });

  it('under fail fast resolves if only optional results are missing', async () => {
    const quote = plan<void>()
      .step('price', () => 3)
      .step('stock', never, { optional: true });
    const { result } = run(quote, undefined, { signal, deadlineMs: 1_000 });
    await jest.advanceTimersByTimeAsync(1_000);
    expect((await result).values).toEqual({ price: 3, stock: { ok: false, reason } });
  });

  it('that has passed already starts nothing', async () => {
    const call = jest.fn(() => 1);
    const one = plan<void>().step('one', call);
    const { result } = run(one, undefined, { signal, mode: 'collect', deadlineMs: -1 });
    expect((await result).trace).toMatchObject([{ id: 'one', state: 'skipped' }]);
    expect(call).not.toHaveBeenCalled();
  });

  it('leaves no timer behind when the plan ends before it', async () => {
    await run(
      plan<void>().step('one', () => 1),
      undefined,
      { signal, deadlineMs: 9 },
    ).result;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('must be a number', () => {
    expect(() => run(plan<void>(), undefined, { signal, deadlineMs: NaN })).toThrow(RangeError);
  });
});

describe('aborting a run', () => {
  const reason = new Error('the caller went away');

  it.each(['failFast', 'collect'] as const)(
    'under %s stops a step that ignores it and rejects with the reason',
    async (mode) => {
      const controller = new AbortController();
      let own: AbortSignal | undefined;
      const deaf = plan<void>().step('deaf', (context) => ((own = context.signal), never()));
      const { result } = run(deaf, undefined, { signal: controller.signal, mode });
      controller.abort(reason);
      expect(own?.reason).toBe(reason);
      await expect(result).rejects.toBe(reason);
    },
  );

  it('before the start starts nothing', async () => {
    const call = jest.fn();
    const { result } = run(plan<void>().step('one', call), undefined, {
      signal: AbortSignal.abort(reason),
    });
    await expect(result).rejects.toBe(reason);
    expect(call).not.toHaveBeenCalled();
  });

  it('from within a step or a listener ends every step once', async () => {
    for (const from of ['a', 'b', 'listener'] as const) {
      const controller = new AbortController();
      const abortFrom = (place: string) => () => {
        if (from === place) controller.abort(reason);
        return [1];
      };
      const both = plan<void>()
        .step('a', abortFrom('a'))
        .each('b', [], abortFrom('b'), () => 1, { key: String })
        .step('c', ['a', 'b'], () => 1);
      const { result, events } = run(both, undefined, { signal: controller.signal });
      const ends: string[] = [];
      events.subscribe((event) => {
        if (event.type === 'started') return;
        ends.push(event.id);
        abortFrom('listener')();
      });
      await expect(result).rejects.toBe(reason);
      expect(ends.filter((id) => !id.includes('[')).sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it.each(['b', 'c'])('on hearing that %s has started keeps it from being called', async (id) => {
    const controller = new AbortController();
    const gate = Promise.withResolvers<void>();
    const call = jest.fn(() => ['item']);
    const late = plan<void>()
      .step('a', () => gate.promise)
      .step('b', ['a'], call)
      .each('c', ['b'], call, call, { key: String });
    const { result, events } = run(late, undefined, controller);
    const ends: string[] = [];
    events.subscribe((event) => {
      if (event.type !== 'started') ends.push(`${event.id} ${event.type}`);
      else if (event.id === id) controller.abort(reason);
    });
    gate.resolve();
    await expect(result).rejects.toBe(reason);
    expect(call).toHaveBeenCalledTimes(id === 'b' ? 0 : 1);
    expect(ends).toEqual(
      id === 'b'
        ? ['a succeeded', 'b failed', 'c skipped']
        : ['a succeeded', 'b succeeded', 'c failed'],
    );
  });

  it('leaves nothing on a signal that outlives the run', async () => {
    const controller = new AbortController();
    await run(
      plan<void>().step('one', () => 1),
      undefined,
      controller,
    ).result;
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('after the end changes nothing', async () => {
    const controller = new AbortController();
    const { result } = run(
      plan<void>().step('one', () => 1),
      undefined,
      controller,
    );
    await result;
    controller.abort(reason);
    await expect(result).resolves.toMatchObject({ values: { one: 1 } });
  });
});
