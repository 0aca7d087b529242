import { type Figure, median, quantile } from './figure.ts';
import type { Goal } from './goals.ts';

/** Figures and their goals, as a table for a person. */
export function drawTable(figures: readonly Figure[], goals: readonly Goal[]): string[] {
  const head = ['figure', 'samples', 'p10', 'median', 'p90', 'goal', ''];
  const rows = figures.map(({ name, samples }) => {
    const goal = goals.find(({ figure }) => figure === name);
    const met = goal && median(samples) <= goal.atMost;
    return [
      name,
      String(samples.length),
      ...[0.1, 0.5, 0.9].map((q) => quantile(samples, q).toFixed(2)),
      goal ? `≤ ${goal.atMost}` : '',
      goal ? (met ? 'met' : 'MISSED') : '',
    ];
  });
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** The goals that the medians of some figures miss, or that no figure speaks of. */
export const missedGoals = (figures: readonly Figure[], goals: readonly Goal[]): Goal[] =>
  goals.filter(({ figure, atMost }) => {
    const measured = figures.find(({ name }) => name === figure);
    return !measured || !(median(measured.samples) <= atMost);
  });
