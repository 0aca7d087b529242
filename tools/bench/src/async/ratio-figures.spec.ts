import type { Measurement } from '../sync/measure.ts';
import type { Metric } from '../sync/metric.ts';
import { bestOfFigures, ratioFigure, titlesOf, valueFigures } from './ratio-figures.ts';

const perSecond: Metric = { title: 'starts/s', of: ({ calls }) => calls };
const run = (callsByTitle: Record<string, number>) =>
  new Map(
    Object.entries(callsByTitle).map(([title, calls]): [string, Measurement] => [
      title,
      { calls, elapsedMs: 1_000, cpuMs: 0, latenciesMs: [] },
    ]),
  );
const runs = [run({ ours: 30, one: 10, other: 5 }), run({ ours: 40, one: 10, other: 20 })];
const best = { subject: 'ours', best: 'largest' } as const;

it('has a figure of everyone, with a sample of each run', () => {
  expect(valueFigures(perSecond, 'here', runs)).toEqual([
    { name: 'starts/s, here: ours', samples: [30, 40] },
    { name: 'starts/s, here: one', samples: [10, 10] },
    { name: 'starts/s, here: other', samples: [5, 20] },
  ]);
});

it('compares within a run', () => {
  expect(ratioFigure(perSecond, 'here', runs, ['ours', 'one'])).toEqual({
    name: 'starts/s, here: ours / one',
    samples: [3, 4],
  });
});

it('compares with whoever is best in a run', () => {
  const figures = (of: 'largest' | 'smallest') =>
    bestOfFigures(perSecond, 'here', runs, { ...best, best: of, rivals: ['one', 'other'] });
  expect(figures('largest')).toEqual([
    { name: 'starts/s, here: ours / best of one, other', samples: [3, 2] },
  ]);
  expect(figures('smallest')[0]?.samples).toEqual([6, 4]);
});

it('counts and names only rivals that take part, and has no figure when none does', () => {
  const of = (rivals: string[]) => bestOfFigures(perSecond, 'here', runs, { ...best, rivals });
  expect(of(['one', 'absent'])).toEqual([
    { name: 'starts/s, here: ours / best of one', samples: [3, 4] },
  ]);
  expect(of(['absent'])).toEqual([]);
  expect([titlesOf(runs), titlesOf([])]).toEqual([['ours', 'one', 'other'], []]);
});
