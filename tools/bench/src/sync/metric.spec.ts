import type { Measurement } from './measure.ts';
import { callsPerSecond, cpuPerCall, disagreementIn, p50, ratioIn, valueIn } from './metric.ts';

const measurement = (calls: number): Measurement => ({
  calls,
  elapsedMs: 500,
  cpuMs: 50,
  latenciesMs: [0.3, 0.1, 0.2],
});
const run = new Map([
  ['base', measurement(1_000)],
  ['again', measurement(1_050)],
  ['ours', measurement(1_500)],
]);

it('turns what was counted into rates, microseconds and the middle of the latencies', () => {
  expect(valueIn(run, callsPerSecond, 'base')).toBe(2_000);
  expect(valueIn(run, cpuPerCall, 'base')).toBe(50);
  expect(valueIn(run, p50, 'base')).toBe(200);
  expect(valueIn(run, callsPerSecond, 'unheard of')).toBeNaN();
});

it('compares two peers within one run', () => {
  expect(ratioIn(run, callsPerSecond, ['ours', 'base'])).toBe(1.5);
  expect(disagreementIn(run, callsPerSecond, ['base', 'again'])).toBeCloseTo(0.05);
  expect(disagreementIn(run, callsPerSecond, ['again', 'base'])).toBeCloseTo(0.05);
});
