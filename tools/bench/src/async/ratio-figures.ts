import type { Figure } from '../figure.ts';
import type { Metric } from '../sync/metric.ts';
import { ratioIn, valueIn } from '../sync/metric.ts';
import type { Run } from '../sync/run.ts';

/** The name of a figure: `starts/s, in process: trivium / BullMQ`. */
export const durableFigure = (metric: Metric, where: string, subject: string): string =>
  `${metric.title}, ${where}: ${subject}`;

/** A metric of everyone who takes part in some runs. */
export const valueFigures = (metric: Metric, where: string, runs: readonly Run[]): Figure[] =>
  titlesOf(runs).map((title) => ({
    name: durableFigure(metric, where, title),
    samples: runs.map((run) => valueIn(run, metric, title)),
  }));

/** How many times as large a metric is for `subject` as for another, each within one run. */
export const ratioFigure = (
  metric: Metric,
  where: string,
  runs: readonly Run[],
  [subject, base]: readonly [string, string],
): Figure => ({
  name: durableFigure(metric, where, `${subject} / ${base}`),
  samples: runs.map((run) => ratioIn(run, metric, [subject, base])),
});

/** How one subject compares with the best of some, by whichever is best in each run. */
export interface BestOf {
  readonly subject: string;
  readonly rivals: readonly string[];
  /** Which value is best. */
  readonly best: 'largest' | 'smallest';
}

/** How the best of some is called: `best of BullMQ, pg-boss`. */
export const bestOf = (rivals: readonly string[]): string => `best of ${rivals.join(', ')}`;

/**
 * The figure of such a comparison. Its name has the rivals that take part, so that nobody takes the
 * best of fewer for the best of all; none when none of them does.
 */
export function bestOfFigures(
  metric: Metric,
  where: string,
  runs: readonly Run[],
  { subject, rivals, best }: BestOf,
): Figure[] {
  const present = rivals.filter((rival) => titlesOf(runs).includes(rival));
  if (present.length === 0) return [];
  const pick = best === 'largest' ? Math.max : Math.min;
  return [
    {
      name: durableFigure(metric, where, `${subject} / ${bestOf(present)}`),
      samples: runs.map(
        (run) =>
          valueIn(run, metric, subject) /
          pick(...present.map((rival) => valueIn(run, metric, rival))),
      ),
    },
  ];
}

/** Everyone who takes part in some runs. */
export const titlesOf = (runs: readonly Run[]): string[] => [...(runs[0]?.keys() ?? [])];
