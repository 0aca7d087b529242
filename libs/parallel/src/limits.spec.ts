import { jest } from '@jest/globals';
import { createLimits } from './limits.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A list of calls, `target:name` each, that a spec ends by hand, and who has started. */
function calls(...items: string[]) {
  const started: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>(
    items.map((item) => [item, Promise.withResolvers<void>()]),
  );
  const made = plan<void>().each(
    'all',
    [],
    () => items,
    (item) => (started.push(item), gates.get(item)!.promise),
    { key: String, target: (item) => item.split(':')[0]! },
  );
  const end = async (item: string): Promise<void> => {
    gates.get(item)!.resolve();
    await settle();
  };
  return { made, started, end };
}

describe('limits', () => {
  it('bound the calls to each target over all runs, and hold up no other target', async () => {
    const limits = createLimits({ perTarget: (target) => (target === 'a' ? 1 : 2) });
    const one = calls('a:1', 'a:2', 'b:1');
    const two = calls('a:3', 'b:2', 'b:3');
    run(one.made, undefined, { signal, limits });
    run(two.made, undefined, { signal, limits });
    expect(one.started).toEqual(['a:1', 'b:1']);
    expect(two.started).toEqual(['b:2']);
    expect(limits.inFlight('a')).toBe(1);
    expect(limits.inFlight('b')).toBe(2);
    await one.end('a:1');
    expect(one.started).toEqual(['a:1', 'b:1', 'a:2']);
    await one.end('a:2');
    expect(two.started).toEqual(['b:2', 'a:3']);
  });

  it('bound the calls of the process, who waited longest going first', async () => {
    const limits = createLimits({ perProcess: 2 });
    const one = calls('a:1', 'a:2', 'a:3');
    const two = calls('b:1');
    expect(limits.inFlight()).toBe(0);
    run(one.made, undefined, { signal, limits });
    run(two.made, undefined, { signal, limits });
    await one.end('a:1');
    expect([...one.started, ...two.started]).toEqual(['a:1', 'a:2', 'a:3']);
    await one.end('a:2');
    expect(two.started).toEqual(['b:1']);
    expect(limits.inFlight()).toBe(2);
  });

  it('let go of whoever waits when its run is aborted', async () => {
    const limits = createLimits({ perTarget: 1 });
    const [one, two, three] = [calls('a:1'), calls('a:2'), calls('a:3')];
    const controller = new AbortController();
    run(one.made, undefined, { signal, limits });
    const { result } = run(two.made, undefined, { signal: controller.signal, limits });
    run(three.made, undefined, { signal, limits });
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    await one.end('a:1');
    expect(two.started).toEqual([]);
    expect(three.started).toEqual(['a:3']);
  });

  it.each([0, 1.5, NaN])('refuse %p', (max) => {
    expect(() => createLimits({ perProcess: max })).toThrow(RangeError);
    expect(() => createLimits({ perTarget: max })).toThrow(RangeError);
  });
});
