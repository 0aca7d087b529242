import { type Figure, median, quantile } from './figure.ts';
import { type Goal, goalText, isMet } from './goals.ts';
import { drawRows } from './table.ts';

/** Figures and their goals, as a table for a person. */
export function drawTable(figures: readonly Figure[], goals: readonly Goal[]): string[] {
  const rows = figures.map(({ name, samples }) => {
    const goal = goals.find(({ figure }) => figure === name);
    return [
      name,
      String(samples.length),
      ...[0.1, 0.5, 0.9].map((q) => quantile(samples, q).toFixed(2)),
      goal ? goalText(goal) : '',
      goal ? (isMet(goal, median(samples)) ? 'met' : 'MISSED') : '',
    ];
  });
  return drawRows([['figure', 'samples', 'p10', 'median', 'p90', 'goal', ''], ...rows]);
}

/** The goals that the medians of some figures miss, or that no figure speaks of. */
export const missedGoals = (figures: readonly Figure[], goals: readonly Goal[]): Goal[] =>
  goals.filter((goal) => {
    const measured = figures.find(({ name }) => name === goal.figure);
    return !measured || !isMet(goal, median(measured.samples));
  });
