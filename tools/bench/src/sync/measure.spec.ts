import { setImmediate as turn } from 'node:timers/promises';
import { measure } from './measure.ts';

it('keeps as many calls in flight as it is told, and counts those that came back', async () => {
  let inFlight = 0;
  let most = 0;
  let made = 0;
  const call = async () => {
    most = Math.max(most, ++inFlight);
    await turn();
    inFlight--;
    made++;
  };
  const { calls, latenciesMs, cpuMs } = await measure(call, { concurrency: 5, durationMs: 20 });
  expect(most).toBe(5);
  expect(inFlight).toBe(0);
  expect(calls).toBe(made);
  expect(latenciesMs).toEqual([]);
  expect(cpuMs).toBeGreaterThan(0);
});

it('times each call where there is only one at a time', async () => {
  const { calls, latenciesMs } = await measure(() => turn(), { concurrency: 1, durationMs: 10 });
  expect(latenciesMs).toHaveLength(calls);
});

it('fails with a call that fails: what does not work is not fast', async () => {
  const call = () => Promise.reject(new Error('no'));
  await expect(measure(call, { concurrency: 2, durationMs: 10 })).rejects.toThrow('no');
});
