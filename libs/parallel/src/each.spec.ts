import { jest } from '@jest/globals';
import { PlanDeadlineExceeded, StepTimedOut } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const never = (): Promise<never> => new Promise(() => {});
const { signal } = new AbortController();
const key = (item: string): string => item;
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a step per element', () => {
  it('calls once per element, and lets each fail alone', async () => {
    const down = new Error('dhl is down');
    const rates = plan<void>()
      .step('carriers', () => ['ups', 'dhl', 'gls'])
      .step('grams', () => 500)
      .each(
        'rates',
        ['carriers', 'grams'],
        ({ carriers }) => carriers,
        (carrier, { grams }) => {
          if (carrier === 'dhl') throw down;
          return carrier === 'gls' ? never() : Promise.resolve(grams * 2);
        },
        { key, timeoutMs: 300 },
      );
    const { result } = run(rates, undefined, { signal });
    await jest.advanceTimersByTimeAsync(300);
    const { values, trace } = await result;
    const slow = new StepTimedOut('rates[gls]', 300);
    expect(values.rates).toEqual([
      { key: 'ups', item: 'ups', outcome: { ok: true, value: 1_000 } },
      { key: 'dhl', item: 'dhl', outcome: { ok: false, reason: down } },
      { key: 'gls', item: 'gls', outcome: { ok: false, reason: slow } },
    ]);
    const reads = ['carriers', 'grams'];
    expect(trace.slice(2)).toMatchObject([
      {
        ...{ id: 'rates', startMs: 0, endMs: 300, state: 'succeeded' },
        waitedFor: [...reads, 'rates[ups]', 'rates[dhl]', 'rates[gls]'],
      },
      { id: 'rates[ups]', startMs: 0, endMs: 0, waitedFor: reads, state: 'succeeded' },
      { id: 'rates[dhl]', startMs: 0, endMs: 0, waitedFor: reads, state: 'failed', reason: down },
      { id: 'rates[gls]', startMs: 0, endMs: 300, waitedFor: reads, state: 'failed', reason: slow },
    ]);
  });

  it('keeps to its own limit without holding up others', async () => {
    const gates = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    const starts: string[] = [];
    const lists = plan<void>()
      .each(
        'a',
        [],
        () => ['0', '1', '2'],
        (item) => (starts.push(item), gates[Number(item)]!.promise),
        { key, limit: 1 },
      )
      .step('b', () => void starts.push('b'));
    const { result } = run(lists, undefined, { signal, maxInFlight: 2 });
    await settle();
    expect(starts).toEqual(['0', 'b']);
    gates[0]!.resolve();
    await settle();
    expect(starts).toEqual(['0', 'b', '1']);
    gates[1]!.resolve();
    gates[2]!.resolve();
    await result;
    expect(starts).toEqual(['0', 'b', '1', '2']);
  });

  it('keeps to maxInFlight', async () => {
    let inFlight = 0;
    let most = 0;
    const many = plan<void>().each(
      'all',
      [],
      () => Array.from({ length: 20 }, (_, index) => String(index)),
      async () => {
        most = Math.max(most, ++inFlight);
        await Promise.resolve();
        inFlight--;
      },
      { key },
    );
    await run(many, undefined, { signal, maxInFlight: 3 }).result;
    expect(most).toBe(3);
  });

  it('gives an empty result for an empty list', async () => {
    const none = plan<void>()
      .each('none', [], () => [], never, { key })
      .step('count', ['none'], ({ none }) => none.length);
    expect((await run(none, undefined, { signal }).result).values).toEqual({ none: [], count: 0 });
  });

  it('fails as a whole if there is no list, or two elements have one key', async () => {
    const error = new Error('no list');
    const list = jest.fn<() => string[]>();
    const all = plan<void>().each('all', [], list, never, { key });
    list.mockImplementationOnce(() => {
      throw error;
    });
    await expect(run(all, undefined, { signal }).result).rejects.toBe(error);
    list.mockReturnValueOnce(['a', 'a']);
    await expect(run(all, undefined, { signal }).result).rejects.toThrow(
      'Step "all" has two elements with the key "a"',
    );
  });

  it('keeps at the deadline the elements that have ended', async () => {
    const some = plan<void>().each(
      'some',
      [],
      () => ['quick', 'slow', 'queued'],
      (item) => (item === 'quick' ? Promise.resolve(1) : never()),
      { key, limit: 1 },
    );
    const { result } = run(some, undefined, { signal, deadlineMs: 50 });
    await jest.advanceTimersByTimeAsync(50);
    const { values, trace } = await result;
    const missing = { ok: false, reason: new PlanDeadlineExceeded(50) };
    expect(values.some.map(({ outcome }) => outcome)).toEqual([
      { ok: true, value: 1 },
      missing,
      missing,
    ]);
    expect(trace.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'some succeeded',
      'some[quick] succeeded',
      'some[slow] failed',
      'some[queued] skipped',
    ]);
  });

  it('ends a long list at once when the run is aborted', async () => {
    const controller = new AbortController();
    const items = Array.from({ length: 50_000 }, (_, index) => String(index));
    const long = plan<void>().each('long', [], () => items, never, { key, limit: 1 });
    const { result, events } = run(long, undefined, controller);
    let state = '';
    events.subscribe((event) => (state = event.id === 'long' ? event.type : state));
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    expect(state).toBe('failed');
  });
});
