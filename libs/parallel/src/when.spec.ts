import { jest } from '@jest/globals';
import { Skipped, type Outcome } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();

describe('a condition', () => {
  it('is asked with what the step reads, and lets it be taken', async () => {
    const when = jest.fn(({ a, input }: { a: number; input: number }) => a > input);
    const taken = plan<number>()
      .step('a', () => 2)
      .step('b', ['a'], ({ a }) => a * 2, { when });
    const { values } = await run(taken, 1, { signal }).result;
    expect(values.b).toEqual({ ok: true, value: 4 });
    expect(when).toHaveBeenCalledWith({ input: 1, a: 2 });
  });

  it('that does not hold skips the step and whoever needs it, and fails nothing', async () => {
    const call = jest.fn(() => 1);
    const some = plan<void>()
      .step('a', call, { when: () => false })
      .step('b', ['a'], call)
      .step('c', ['b'], call, { optional: true })
      .step('d', ['c'], ({ c }) => c);
    const { values, trace } = await run(some, undefined, { signal }).result;
    expect(call).not.toHaveBeenCalled();
    expect(values.a).toEqual({ ok: false, reason: new Skipped('a') });
    expect(values.b).toEqual({ ok: false, reason: new Skipped('b', 'a') });
    expect(values.d).toEqual({ ok: false, reason: new Skipped('c', 'b') });
    expect(trace.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a skipped',
      'b skipped',
      'c skipped',
      'd succeeded',
    ]);
    expect(new Skipped('b', 'a').message).toBe(
      'Step "b" was skipped: it reads "a", which was skipped',
    );
  });

  it('over a list skips all of it', async () => {
    const all = plan<void>().each(
      'all',
      [],
      () => [1],
      () => 1,
      { key: String, when: () => false, optional: true },
    );
    const { values } = await run(all, undefined, { signal }).result;
    expect(values.all).toEqual({ ok: false, reason: new Skipped('all') });
  });

  it('that throws fails the step', async () => {
    const error = new Error('no condition');
    const broken = plan<void>().step('a', () => 1, {
      when: () => {
        throw error;
      },
    });
    await expect(run(broken, undefined, { signal }).result).rejects.toBe(error);
  });
});

describe('the types of a condition', () => {
  const same = <A, B>(
    _same: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false,
  ): void => {};

  it('give it exactly what the step reads', () => {
    const base = plan<{ big: boolean }>().step('a', () => 1);
    base.step('b', ['a'], () => 1, {
      when: ({ a, input }) => {
        same<typeof a, number>(true);
        return input.big && a > 0;
      },
    });
    // @ts-expect-error: there is no step 'c'.
    base.step('b', ['a'], () => 1, { when: ({ c }) => Boolean(c) });
  });

  it('make its result, and the results of whoever needs it, ones that may be missing', async () => {
    const some = plan<boolean>()
      .step('a', () => 1, { when: ({ input }) => input })
      .step('b', ['a'], ({ a }) => a.toFixed())
      .step('c', () => 'c')
      .step('d', ['b', 'c'], ({ b, c }) => b + c, { optional: true })
      .step('e', ['d'], ({ d }) => d.ok);
    const { values } = await run(some, true, { signal }).result;
    same<typeof values.a, Outcome<number>>(true);
    same<typeof values.b, Outcome<string>>(true);
    same<typeof values.c, string>(true);
    same<typeof values.d, Outcome<string>>(true);
    same<typeof values.e, boolean>(true);
    expect(values).toEqual({
      a: { ok: true, value: 1 },
      b: { ok: true, value: '1' },
      c: 'c',
      d: { ok: true, value: '1c' },
      e: true,
    });
  });
});
