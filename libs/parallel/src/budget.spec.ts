import { StepTimedOut } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import { VirtualClock } from './spec/virtual-clock.ts';

const { signal } = new AbortController();
const never = (): Promise<never> => new Promise(() => {});

/** Waits for some of the clock's time. */
const after = (clock: VirtualClock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.schedule(delayMs, resolve));

describe('the budget of a step', () => {
  it('is what is left of the deadline, less the longest path of estimates behind it', async () => {
    const clock = new VirtualClock();
    const budgets: Record<string, number> = {};
    const shared = plan<void>()
      .step('a', async ({ budgetMs }) => {
        budgets['a'] = budgetMs;
        await after(clock, 100);
      })
      .step('short', ['a'], ({ budgetMs }) => void (budgets['short'] = budgetMs), {
        estimateMs: 50,
      })
      .step('long', ['a'], ({ budgetMs }) => void (budgets['long'] = budgetMs), {
        estimateMs: 200,
      })
      .step('end', ['short', 'long'], ({ budgetMs }) => void (budgets['end'] = budgetMs), {
        estimateMs: 100,
      });
    const { result } = run(shared, undefined, { signal, clock, deadlineMs: 1_000 });
    await clock.advanceTo(100);
    await result;
    expect(budgets).toEqual({ a: 700, short: 800, long: 800, end: 900 });
  });

  it('is endless without a deadline, and never below nothing', async () => {
    const budget = plan<void>()
      .step('a', ({ budgetMs }) => budgetMs)
      .step('b', ['a'], () => 1, { estimateMs: 5_000 });
    expect((await run(budget, undefined, { signal }).result).values.a).toBe(Infinity);
    const { result } = run(budget, undefined, { signal, deadlineMs: 1_000 });
    expect((await result).values.a).toBe(0);
  });

  it('ends what may fail alone, so that what comes after it has its time', async () => {
    const clock = new VirtualClock();
    const cut = plan<void>()
      .step('slow', never, { optional: true })
      .each('all', [], () => ['x'], never, { key: String })
      .step('end', ['slow', 'all'], () => after(clock, 299), { estimateMs: 300 });
    const { result } = run(cut, undefined, { signal, clock, deadlineMs: 1_000 });
    await clock.advanceTo(1_000);
    const { values, trace } = await result;
    expect(values.slow).toEqual({ ok: false, reason: new StepTimedOut('slow', 700) });
    expect(values.all).toMatchObject([
      { outcome: { ok: false, reason: new StepTimedOut('all[x]', 700) } },
    ]);
    expect(trace.at(-1)).toMatchObject({ id: 'end', startMs: 700, endMs: 999 });
  });
});
