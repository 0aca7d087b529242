import { goals } from '../goals.ts';
import type { Measurement } from '../sync/measure.ts';
import { benchOrchestrator, figuresOf } from './orchestrator-bench.ts';

const measured = (calls: number, latencyMs: number): Measurement => ({
  calls,
  elapsedMs: 1_000,
  cpuMs: 0,
  latenciesMs: [latencyMs],
});
const run = new Map([
  ['direct', measured(1_000, 0.5)],
  ['through the orchestrator', measured(450, 1.25)],
  ['direct, again', measured(990, 0.5)],
]);
const known = [...figuresOf(1, [run]), ...figuresOf(64, [run])];
const samplesOf = (name: string) => known.find((figure) => figure.name === name)?.samples;

it('takes the difference of what a call takes, and the ratio of what is done, within a run', () => {
  const where = 'through the orchestrator';
  expect(samplesOf(`p50, ms, 1 at a time: ${where} - direct`)).toEqual([0.75]);
  expect(samplesOf(`calls/s, 64 at a time: ${where} / direct`)).toEqual([0.45]);
});

it('speaks of each of its goals', () => {
  const names = known.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining((goals['orchestrator'] ?? []).map(({ figure }) => figure)),
  );
});

it('calls a real backend, directly and through a real orchestrator', async () => {
  const { figures } = await benchOrchestrator({
    rounds: 1,
    timeShare: 0.01,
    turnMs: 5,
    turns: 1,
    tolerance: Infinity,
    say: () => {},
  });
  expect(figures.length).toBeGreaterThan(0);
  for (const { name, samples } of figures) {
    expect([name, samples.length, samples.every(Number.isFinite)]).toEqual([name, 1, true]);
  }
}, 120_000);
