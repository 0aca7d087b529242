import { hedgeDelayMs } from './hedge-policy.ts';
import { LatencyWindow } from './latency-window.ts';

/** A window of these latencies, over and over. */
function windowOf(...latenciesMs: number[]): LatencyWindow {
  const window = new LatencyWindow();
  for (let i = 0; i < 200; i++) window.record(latenciesMs[i % latenciesMs.length]!);
  return window;
}

it('is the delay that is set', () => {
  expect(hedgeDelayMs({ delayMs: 30 }, new LatencyWindow())).toBe(30);
});

it('is not known by percentile before there were calls', () => {
  expect(hedgeDelayMs({ percentile: 0.95 }, new LatencyWindow())).toBeUndefined();
});

it('is the percentile of the latest calls', () => {
  const latencies = windowOf(...Array.from({ length: 19 }, () => 5), 80);
  expect(hedgeDelayMs({ percentile: 0.99 }, latencies)).toBe(80);
});

it('is twice the median at least, so that calls which are not slow are left alone', () => {
  expect(hedgeDelayMs({ percentile: 0.95 }, windowOf(4, 5, 6))).toBe(10);
});
