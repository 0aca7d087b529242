import { jest } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { UndoFailed } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();
const sorry = new Error('declined');
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('undoing', () => {
  it('takes back what was completed, the last first, one after the other', async () => {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const;
    const undoing = Promise.withResolvers<void>();
    const undone: unknown[] = [];
    const order = plan<{ id: string }>()
      .step('a', () => gates[0].promise, {
        undo: (value, { input }) => void undone.push(['a', value, input.id]),
      })
      .step('b', () => gates[1].promise, {
        undo: (value) => {
          undone.push(['b', value]);
          return undoing.promise;
        },
      })
      .step('c', ['a', 'b'], () => Promise.reject(sorry));
    const { result, undone: reports, events } = run(order, { id: 'order-1' }, { signal });
    const types = lastValueFrom(events.pipe(toArray()));
    gates[1].resolve('B');
    await settle();
    gates[0].resolve('A');
    // The result does not wait for what undoing takes.
    await expect(result).rejects.toBe(sorry);
    await settle();
    expect(undone).toEqual([
      ['a', 'A', 'order-1'],
      ['b', 'B'],
    ]);
    undoing.resolve();
    expect(await reports).toEqual([
      { id: 'a', ok: true },
      { id: 'b', ok: true },
    ]);
    expect((await types).slice(-4).map(({ type, id }) => `${id} ${type}`)).toEqual([
      'a undoing',
      'a undone',
      'b undoing',
      'b undone',
    ]);
  });

  it('is tried again, a bounded number of times, and reports what stays', async () => {
    const undo = jest.fn(() => Promise.reject(new Error('still down')));
    const other = jest.fn();
    const order = plan<void>()
      .step('a', () => 1, { undo: other })
      .step('b', ['a'], () => 2, { undo })
      .step('c', ['b'], () => Promise.reject(sorry));
    const { result, undone } = run(order, undefined, { signal, undo: { maxAttempts: 3 } });
    await expect(result).rejects.toBe(sorry);
    await jest.advanceTimersByTimeAsync(10_000);
    const reason = new UndoFailed('b', new Error('still down'));
    expect(await undone).toEqual([
      { id: 'b', ok: false, reason },
      { id: 'a', ok: true },
    ]);
    expect(undo).toHaveBeenCalledTimes(3);
    expect(other).toHaveBeenCalledTimes(1);
  });

  it('has its own time and its own signal', async () => {
    const signals: AbortSignal[] = [];
    const controller = new AbortController();
    const order = plan<void>().step('a', () => 1, {
      undo: (_, context) => {
        signals.push(context.signal);
        return new Promise(() => {});
      },
    });
    const { result, undone } = run(
      order.step('b', ['a'], () => new Promise(() => {})),
      undefined,
      {
        ...{ signal: controller.signal, undo: { maxAttempts: 1, attemptTimeoutMs: 50 } },
      },
    );
    await settle();
    controller.abort(sorry);
    await expect(result).rejects.toBe(sorry);
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await jest.advanceTimersByTimeAsync(50);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(await undone).toMatchObject([{ id: 'a', ok: false }]);
  });

  it('takes back what a stopped call has done all the same', async () => {
    const gate = Promise.withResolvers<string>();
    const undo = jest.fn();
    const order = plan<void>()
      .step('a', () => gate.promise, { undo })
      .step('b', () => Promise.reject(sorry));
    const { result, undone } = run(order, undefined, { signal });
    await expect(result).rejects.toBe(sorry);
    await settle();
    expect(undo).not.toHaveBeenCalled();
    gate.resolve('done');
    expect(await undone).toEqual([{ id: 'a', ok: true }]);
    expect(undo).toHaveBeenCalledWith('done', expect.objectContaining({ input: undefined }));
  });

  it('asks what may have been done where nobody knows', async () => {
    const undoUnknown = jest.fn();
    const order = plan<void>().step('a', () => Promise.reject(sorry), { undoUnknown });
    const { result, undone } = run(order, undefined, { signal });
    await expect(result).rejects.toBe(sorry);
    expect(await undone).toEqual([{ id: 'a', ok: true }]);
    expect(undoUnknown).toHaveBeenCalledWith(sorry, expect.anything());
  });

  it('leaves alone what its failure shows not to have happened', async () => {
    const undoUnknown = jest.fn();
    const mayHaveHappened = jest.fn(() => false);
    const order = plan<void>().step('a', () => Promise.reject(sorry), {
      ...{ undoUnknown, mayHaveHappened },
    });
    const { result, undone } = run(order, undefined, { signal });
    await expect(result).rejects.toBe(sorry);
    expect(await undone).toEqual([]);
    expect(mayHaveHappened).toHaveBeenCalledWith(sorry);
    expect(undoUnknown).not.toHaveBeenCalled();
  });

  it('takes back each element of a list', async () => {
    const undone: unknown[] = [];
    const order = plan<void>()
      .each(
        'all',
        [],
        () => ['x', 'y', 'z'],
        (item) => (item === 'y' ? Promise.reject(sorry) : `${item}!`),
        { key: String, undo: (value, item) => void undone.push([value, item]) },
      )
      .step('end', ['all'], () => Promise.reject(sorry));
    const { result, undone: reports } = run(order, undefined, { signal });
    await expect(result).rejects.toBe(sorry);
    await reports;
    expect(undone).toEqual([
      ['z!', 'z'],
      ['x!', 'x'],
    ]);
  });

  it('takes nothing back of a plan that did not fail, nor of a step that was never called', async () => {
    const undo = jest.fn();
    const fine = plan<void>().step('a', () => 1, { undo, undoUnknown: undo });
    expect(await run(fine, undefined, { signal }).undone).toEqual([]);
    const late = plan<void>()
      .step('a', () => Promise.reject(sorry))
      .step('b', () => 1, { undo, undoUnknown: undo });
    const { result, undone } = run(late, undefined, { signal, maxInFlight: 1 });
    await expect(result).rejects.toBe(sorry);
    expect(await undone).toEqual([]);
    expect(undo).not.toHaveBeenCalled();
  });
});
