import { lastValueFrom, toArray } from 'rxjs';
import { plan } from './plan.ts';
import { run } from './run.ts';

const { signal } = new AbortController();

describe('what a run tells', () => {
  it('is every start and end as it happens, timed by its clock from the start of the run', async () => {
    let nowMs = 1_000.25;
    const gate = Promise.withResolvers<number>();
    const two = plan<void>()
      .step('a', () => gate.promise)
      .step('b', ['a'], () => {
        nowMs += 0.5;
        throw 'no';
      });
    const options = { signal, mode: 'collect', clock: { now: () => nowMs } } as const;
    const { events, result } = run(two, undefined, options);
    nowMs += 1.5;
    gate.resolve(7);
    const { trace } = await result;
    const a = {
      ...{ id: 'a', readyMs: 0, startMs: 0, endMs: 1.5, waitedFor: [] },
      ...{ attempts: 1, state: 'succeeded' },
    };
    const b = {
      ...{ id: 'b', readyMs: 1.5, startMs: 1.5, endMs: 2, waitedFor: ['a'] },
      ...{ attempts: 1, state: 'failed', reason: 'no' },
    };
    expect(trace).toEqual([a, b]);
    // Subscribed late, and told everything all the same.
    expect(await lastValueFrom(events.pipe(toArray()))).toEqual([
      { type: 'started', id: 'a', atMs: 0 },
      { type: 'succeeded', id: 'a', atMs: 1.5, trace: a, value: 7 },
      { type: 'started', id: 'b', atMs: 1.5 },
      { type: 'failed', id: 'b', atMs: 2, trace: b, reason: 'no' },
    ]);
  });

  it('goes on when nobody listens any more', async () => {
    const gate = Promise.withResolvers<number>();
    const { events, result } = run(
      plan<void>().step('a', () => gate.promise),
      undefined,
      { signal },
    );
    events.subscribe().unsubscribe();
    gate.resolve(1);
    expect((await result).values.a).toBe(1);
  });
});
