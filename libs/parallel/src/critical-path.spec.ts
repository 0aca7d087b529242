import { criticalPath } from './critical-path.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import type { StepTrace } from './trace.ts';

function ended(id: string, endMs: number, ...waitedFor: string[]): StepTrace {
  return { id, readyMs: 0, startMs: 0, endMs, waitedFor, attempts: 1, state: 'succeeded' };
}

describe('the critical path', () => {
  it('goes from the step that ended last through what it waited for longest', () => {
    const trace = [
      ended('products', 30),
      ended('stock', 90),
      ended('rates', 80, 'rates[ups]', 'rates[dhl]', 'products'),
      ended('rates[ups]', 50, 'products'),
      ended('rates[dhl]', 80, 'products'),
      ended('quote', 91, 'products', 'rates'),
    ];
    expect(criticalPath(trace)).toEqual(['products', 'rates[dhl]', 'rates', 'quote']);
  });

  it('does not stop short where steps end in the same instant', () => {
    expect(criticalPath([ended('b', 5, 'a'), ended('c', 5, 'b'), ended('a', 5)])).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('ends with the failure and not with what was skipped for it', async () => {
    const failing = plan<void>()
      .step('a', () => 1)
      .step('b', ['a'], () => Promise.reject(new Error('b')))
      .step('c', ['b'], () => 1);
    const { signal } = new AbortController();
    const { trace } = await run(failing, undefined, { signal, mode: 'collect' }).result;
    expect(criticalPath(trace)).toEqual(['a', 'b']);
  });

  it('of nothing is empty', () => {
    expect(criticalPath([])).toEqual([]);
  });
});
