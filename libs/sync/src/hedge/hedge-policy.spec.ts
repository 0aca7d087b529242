import { Bursts } from './bursts.ts';
import { hedgeTime } from './hedge-policy.ts';
import { LatencyWindow } from './latency-window.ts';

const burst = () => new Bursts().join(performance.now());

/** A window of these latencies, over and over. */
function windowOf(...latenciesMs: number[]): LatencyWindow {
  const window = new LatencyWindow();
  for (let i = 0; i < 200; i++) window.record(latenciesMs[i % latenciesMs.length]!);
  return window;
}

it('is the delay that is set', () => {
  const time = hedgeTime({ delayMs: 30 }, { latencies: new LatencyWindow(), burst: burst() });
  expect([time?.delayMs, time?.holdMs()]).toEqual([30, 0]);
});

it('is not known by percentile before there were calls', () => {
  const latencies = new LatencyWindow();
  expect(hedgeTime({ percentile: 0.95 }, { latencies, burst: burst() })).toBeUndefined();
});

it('is the percentile of the latest calls, looked at from their median on', () => {
  const latencies = windowOf(...Array.from({ length: 19 }, () => 5_000), 80_000);
  const time = hedgeTime({ percentile: 0.99 }, { latencies, burst: burst() });
  expect(time?.delayMs).toBe(5_000);
  expect(Math.round(time!.holdMs() / 1_000)).toBe(80);
});

it('is twice the median at least, so that calls which are not slow are left alone', () => {
  const latencies = windowOf(4_000, 5_000, 6_000);
  const time = hedgeTime({ percentile: 0.95 }, { latencies, burst: burst() });
  expect(Math.round(time!.holdMs() / 1_000)).toBe(10);
});
