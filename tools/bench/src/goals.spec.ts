import { goals, goalText, isMet } from './goals.ts';

it('is met at its bound, and by no NaN', () => {
  const most = { figure: 'wait, ms', atMost: 2 };
  const least = { figure: 'calls/s', atLeast: 2 };
  expect([1, 2, 3, NaN].map((value) => isMet(most, value))).toEqual([true, true, false, false]);
  expect([1, 2, 3, NaN].map((value) => isMet(least, value))).toEqual([false, true, true, false]);
  expect([goalText(most), goalText(least)]).toEqual(['≤ 2', '≥ 2']);
});

it('names no figure twice in a bench', () => {
  for (const each of Object.values(goals)) {
    const names = each.map(({ figure }) => figure);
    expect(new Set(names).size).toBe(names.length);
  }
});
