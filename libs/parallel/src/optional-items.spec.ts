import { SiblingFailed } from './outcome.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();

describe('a list none of whose elements may fail', () => {
  it('gives a value for each', async () => {
    const all = plan<void>()
      .each(
        'all',
        [],
        () => [1, 2],
        (item) => Promise.resolve(item * 2),
        { key: String, optionalItems: false },
      )
      .step('sum', ['all'], ({ all }) => all.reduce((sum, value) => sum + value, 0));
    expect((await run(all, undefined, { signal }).result).values).toEqual({ all: [2, 4], sum: 6 });
  });

  it('fails with the first that fails, and stops the others', async () => {
    const gate = Promise.withResolvers<never>();
    const error = new Error('one');
    const reasons: unknown[] = [];
    const all = plan<void>().each(
      'all',
      [],
      () => ['a', 'b', 'c'],
      (item, context) => {
        if (item === 'b') return gate.promise;
        context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
        return new Promise<never>(() => {});
      },
      { key: String, optionalItems: false, optional: true, limit: 2 },
    );
    const { result } = run(all, undefined, { signal });
    gate.reject(error);
    const { values, trace } = await result;
    expect(values.all).toEqual({ ok: false, reason: error });
    expect(reasons).toEqual([new SiblingFailed('all[b]', error)]);
    expect(trace.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'all failed',
      'all[a] failed',
      'all[b] failed',
      'all[c] skipped',
    ]);
  });
});
