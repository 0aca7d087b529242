import { drawComparison, drawFeatures } from './comparison-table.ts';
import { featureFigures, comparisonFigures, smallLoad } from './figures.ts';
import type { Measurement } from './measure.ts';
import { callsPerSecond } from './metric.ts';

const run = (calls: Readonly<Record<string, number>>) =>
  new Map(
    Object.entries(calls).map(([title, made]): [string, Measurement] => [
      title,
      { calls: made, elapsedMs: 1_000, cpuMs: 500, latenciesMs: [] },
    ]),
  );

it('draws the median of each peer, and how many times that of the base it is', () => {
  const runs = [
    run({ 'raw grpc-js': 1_000, 'trivium, one channel': 1_200, NestJS: 900 }),
    run({ 'raw grpc-js': 2_000, 'trivium, one channel': 2_200, NestJS: 1_800 }),
    run({ 'raw grpc-js': 1_500, 'trivium, one channel': 1_650, NestJS: 1_350 }),
  ];
  const figures = comparisonFigures(new Map([[64, runs]]));
  const lines = drawComparison(figures, { metric: callsPerSecond, loads: [smallLoad(64)] });
  expect(lines[0]).toBe('calls/s                64 at a time     ×');
  expect(lines).toContain('raw grpc-js                    1500  1.00');
  expect(lines).toContain('trivium, one channel           1650  1.10');
  expect(lines).toContain('NestJS                         1350  0.90');
});

it('draws what each feature costs beyond a call with nothing on', () => {
  const figures = featureFigures([
    run({ 'nothing on': 10_000, 'nothing on, again': 10_000, 'a signal': 8_000 }),
  ]);
  const lines = drawFeatures(figures);
  expect(lines[0]).toMatch(/^on alone +own cost, µs of CPU a call$/);
  expect(lines.find((line) => line.startsWith('a signal'))).toMatch(/ 12\.5$/);
});
