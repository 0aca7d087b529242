import { median, quantile } from './figure.ts';
import { drawTable, missedGoals } from './report.ts';

const figures = [
  { name: 'wait, ms', samples: [3, 1, 2] },
  { name: 'size, MB', samples: [9] },
];

it('takes the middle of the samples, and their quantiles by rank', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect([0.1, 0.5, 0.9, 1].map((q) => quantile([1, 2, 3, 4], q))).toEqual([1, 2, 4, 4]);
  expect(median([])).toBeNaN();
});

it('names each goal that is missed, and each that was not measured', () => {
  const goals = [
    { figure: 'wait, ms', atMost: 2 },
    { figure: 'size, MB', atMost: 8 },
    { figure: 'unheard of', atMost: 1 },
  ];
  expect(missedGoals(figures, goals)).toEqual([goals[1], goals[2]]);
});

it('draws a table with a verdict where there is a goal', () => {
  expect(drawTable(figures, [{ figure: 'size, MB', atMost: 8 }])).toEqual([
    'figure    samples   p10  median   p90  goal',
    'wait, ms        3  1.00    2.00  3.00',
    'size, MB        1  9.00    9.00  9.00   ≤ 8  MISSED',
  ]);
});
