import { LatencyWindow } from './latency-window.ts';

/** A window of latencies from 1 to `count`, in a mixed order. */
function windowOf(count: number): LatencyWindow {
  const window = new LatencyWindow();
  for (let i = 0; i < count; i++) window.record(((i * 37) % count) + 1);
  return window;
}

it('has no percentile before there were a hundred calls', () => {
  expect(windowOf(99).percentile(0.5)).toBeUndefined();
  expect(windowOf(100).percentile(0.5)).toBe(50);
});

it('has the latency that a share of the calls stayed within', () => {
  const window = windowOf(200);
  expect(window.percentile(0.5)).toBe(100);
  expect(window.percentile(0.95)).toBe(190);
  expect(window.percentile(0.999)).toBe(200);
});

it('follows a service that becomes slower, and forgets what was', () => {
  const window = windowOf(100);
  for (let i = 0; i < 512; i++) window.record(1_000 + i);
  expect(window.percentile(0.01)).toBeGreaterThanOrEqual(1_000);
});
