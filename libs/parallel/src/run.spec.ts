import { jest } from '@jest/globals';
import { DependencyFailed, SiblingFailed } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import type { StepEvent } from './trace.ts';

const { signal } = new AbortController();
/** Lets everything happen that needs no time. */
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the scheduler', () => {
  it('starts a step when all that it reads is there, and no earlier', async () => {
    const gates = {
      a: Promise.withResolvers<number>(),
      b: Promise.withResolvers<number>(),
      c: Promise.withResolvers<number>(),
    };
    const starts: string[] = [];
    const sum = plan<number>()
      .step('a', () => (starts.push('a'), gates.a.promise))
      .step('b', () => (starts.push('b'), gates.b.promise))
      .step('c', ['a'], ({ a }) => (starts.push(`c after ${a}`), gates.c.promise))
      .step('sum', ['b', 'c'], ({ input, b, c }) => (starts.push('sum'), input + b + c));
    const { result } = run(sum, 100, { signal });
    expect(starts).toEqual(['a', 'b']);
    gates.b.resolve(2);
    await settle();
    expect(starts).toEqual(['a', 'b']);
    gates.a.resolve(1);
    await settle();
    expect(starts).toEqual(['a', 'b', 'c after 1']);
    gates.c.resolve(3);
    expect((await result).values).toEqual({ a: 1, b: 2, c: 3, sum: 105 });
  });

  it('keeps at most maxInFlight calls running and starts the rest in the order of readiness', async () => {
    const gates = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ] as const;
    const starts: number[] = [];
    const call = (index: 0 | 1 | 2) => () => (starts.push(index), gates[index].promise);
    const three = plan<void>().step('a', call(0)).step('b', call(1)).step('c', call(2));
    const { result } = run(three, undefined, { signal, maxInFlight: 2 });
    await settle();
    expect(starts).toEqual([0, 1]);
    gates[1].resolve();
    await settle();
    expect(starts).toEqual([0, 1, 2]);
    gates[0].resolve();
    gates[2].resolve();
    await result;
  });

  it.each([0, 1.5, NaN])('refuses maxInFlight %p', (maxInFlight) => {
    expect(() => run(plan<void>(), undefined, { signal, maxInFlight })).toThrow(RangeError);
  });

  it('runs one plan many times, and an empty one too', async () => {
    const twice = plan<number>().step('twice', ({ input }) => input * 2);
    const runs = [1, 2].map((input) => run(twice, input, { signal }).result);
    const results = await Promise.all(runs);
    expect(results.map(({ values }) => values.twice)).toEqual([2, 4]);
    expect(await run(plan<void>(), undefined, { signal }).result).toEqual({
      values: {},
      trace: [],
    });
  });

  it('takes any name for a step, and keeps it a plain property', async () => {
    const odd = plan<void>()
      .step('__proto__', () => 1)
      .step('b', ['__proto__'], (context) => Object.hasOwn(context, '__proto__'));
    expect((await run(odd, undefined, { signal }).result).values.b).toBe(true);
  });
});

describe('fail fast', () => {
  it('rejects with the first required failure as thrown and aborts the siblings', async () => {
    const error = new Error('sold out');
    const gate = Promise.withResolvers<never>();
    const signals: AbortSignal[] = [];
    const later = jest.fn();
    const failing = plan<void>()
      .step('slow', (context) => (signals.push(context.signal), new Promise<never>(() => {})))
      .step('stock', () => gate.promise)
      .step('later', ['slow'], later);
    const { result, events } = run(failing, undefined, { signal });
    const seen: StepEvent[] = [];
    events.subscribe((event) => seen.push(event));
    gate.reject(error);
    await expect(result).rejects.toBe(error);
    expect(signals[0]!.reason).toEqual(new SiblingFailed('stock', error));
    expect(later).not.toHaveBeenCalled();
    const ends = seen.filter((event) => event.type !== 'started');
    expect(ends.map(({ type, id }) => `${id} ${type}`)).toEqual([
      'stock failed',
      'slow failed',
      'later skipped',
    ]);
  });

  it('takes a synchronous throw for a failure', async () => {
    const error = new Error('at once');
    const call = (): number => {
      throw error;
    };
    await expect(run(plan<void>().step('a', call), undefined, { signal }).result).rejects.toBe(
      error,
    );
  });

  it('hands an optional failure to its readers and goes on', async () => {
    const error = new Error('no stock service');
    const partial = plan<void>()
      .step('stock', () => Promise.reject<number>(error), { optional: true })
      .step('price', () => 3, { optional: true })
      .step('text', ['stock', 'price'], ({ stock, price }) => [stock.ok, price.ok && price.value]);
    expect((await run(partial, undefined, { signal }).result).values).toEqual({
      stock: { ok: false, reason: error },
      price: { ok: true, value: 3 },
      text: [false, 3],
    });
  });

  it('lets late rejections of abandoned steps go nowhere', async () => {
    const abandoned = Promise.withResolvers<never>();
    const failing = plan<void>()
      .step('slow', () => abandoned.promise)
      .step('bad', () => Promise.reject(new Error('bad')));
    const { result } = run(failing, undefined, { signal });
    await expect(result).rejects.toThrow('bad');
    // Node reports an unhandled rejection after the microtasks, and jest fails the test for it.
    abandoned.reject(new Error('late'));
    await settle();
  });

  it('lets the result be ignored by who follows the events', async () => {
    const failing = plan<void>().step('bad', () => Promise.reject(new Error('bad')));
    let completed = false;
    const { events } = run(failing, undefined, { signal });
    events.subscribe({ complete: () => (completed = true) });
    await settle();
    expect(completed).toBe(true);
  });
});

describe('collect', () => {
  it('runs on after a failure, and skips what depended on it with the reason', async () => {
    const error = new Error('no catalogue');
    const some = plan<void>()
      .step('price', () => Promise.reject<number>(error))
      .step('stock', () => 7)
      .step('total', ['price', 'stock'], ({ price, stock }) => price * stock)
      .step('text', ['total'], ({ total }) => String(total), { optional: true })
      .step('page', ['text', 'stock'], ({ text, stock }) => [text.ok, stock]);
    const { values, trace } = await run(some, undefined, { signal, mode: 'collect' }).result;
    const total = new DependencyFailed('total', 'price', error);
    const text = new DependencyFailed('text', 'total', total);
    expect(values).toEqual({
      price: { ok: false, reason: error },
      stock: { ok: true, value: 7 },
      total: { ok: false, reason: total },
      text: { ok: false, reason: text },
      page: { ok: true, value: [false, 7] },
    });
    expect(total.message).toBe('Step "total" reads "price", which gave no value');
    expect(Object.fromEntries(trace.map(({ id, state }) => [id, state]))).toEqual({
      price: 'failed',
      stock: 'succeeded',
      total: 'skipped',
      text: 'skipped',
      page: 'succeeded',
    });
  });

  it('skips once what has lost both of its results', async () => {
    const fail = (): Promise<number> => Promise.reject(new Error('down'));
    const both = plan<void>()
      .step('a', fail)
      .step('b', fail)
      .step('sum', ['a', 'b'], ({ a, b }) => a + b)
      .step('text', ['sum', 'b'], ({ sum }) => sum);
    const { trace } = await run(both, undefined, { signal, mode: 'collect' }).result;
    expect(trace.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a failed',
      'b failed',
      'sum skipped',
      'text skipped',
    ]);
  });

  it('types every value as an outcome, an optional one no differently', async () => {
    const some = plan<void>()
      .step('a', () => 1)
      .step('b', () => 2, { optional: true });
    const { values } = await run(some, undefined, { signal, mode: 'collect' }).result;
    // @ts-expect-error: whether there is a value has to be asked first.
    expect(values.a.value).toBe(1);
    expect(values.b.ok && values.b.value.toFixed(1)).toBe('2.0');
    const fast = await run(some, undefined, { signal }).result;
    expect(fast.values.a.toFixed(1)).toBe('1.0');
    expect(fast.values.b.ok && fast.values.b.value.toFixed(1)).toBe('2.0');
  });
});
