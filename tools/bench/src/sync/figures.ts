import { median } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { PLAIN, SECOND_PLAIN, features } from './features.ts';
import type { Metric } from './metric.ts';
import { callsPerSecond, cpuPerCall, p50, ratioIn, valueIn } from './metric.ts';
import { BASE, DEFAULT_POOL, peers } from './peers.ts';
import type { Run } from './run.ts';

/** What is compared with ours beside the base. */
const rivals = ['nice-grpc', 'NestJS', 'Connect-Node'];

/** The name of a figure: `calls/s, 64 at a time: nice-grpc / raw grpc-js`. */
export const figureName = (metric: Metric, load: string, subject: string): string =>
  `${metric.title}, ${load}: ${subject}`;

/** How a load of so many small calls in flight is called. */
export const smallLoad = (concurrency: number): string => `${concurrency} at a time`;

/** How a load of so many large responses in flight is called. */
export const largeLoad = (concurrency: number): string =>
  `1 MiB responses, ${concurrency} at a time`;

/** All figures of the runs of each concurrency. */
export function comparisonFigures(byConcurrency: ReadonlyMap<number, readonly Run[]>): Figure[] {
  return [...byConcurrency].flatMap(([concurrency, runs]) => {
    const load = smallLoad(concurrency);
    const metrics =
      concurrency === 1 ? [callsPerSecond, cpuPerCall, p50] : [callsPerSecond, cpuPerCall];
    return [
      ...metrics.flatMap((metric) => [
        ...valuesOf(metric, load, runs),
        ...ratiosOf(metric, load, runs),
      ]),
      ...rivals.map((rival) => ratio(callsPerSecond, load, runs, [DEFAULT_POOL, rival])),
    ];
  });
}

/** All figures of the runs with large responses. */
export function largeFigures(runs: readonly Run[], concurrency: number): Figure[] {
  const load = largeLoad(concurrency);
  return [callsPerSecond, cpuPerCall].flatMap((metric) => [
    ...valuesOf(metric, load, runs),
    ...ratiosOf(metric, load, runs),
  ]);
}

/** What each feature costs by itself: the CPU of a call with it, less that of one without. */
export function featureFigures(runs: readonly Run[]): Figure[] {
  return features
    .filter(({ title }) => title !== PLAIN)
    .map(({ title }) => ({
      name: featureName(title),
      samples: runs.map((run) => valueIn(run, cpuPerCall, title) - plainCpu(run)),
    }));
}

/** The name of a feature's figure. */
export const featureName = (title: string): string => `own cost, µs of CPU a call: ${title}`;

/** Of both instances, for less of the difference to be the machine's. */
const plainCpu = (run: Run): number =>
  median([PLAIN, SECOND_PLAIN].map((title) => valueIn(run, cpuPerCall, title)));

const valuesOf = (metric: Metric, load: string, runs: readonly Run[]): Figure[] =>
  peers.map(({ title }) => ({
    name: figureName(metric, load, title),
    samples: runs.map((run) => valueIn(run, metric, title)),
  }));

const ratiosOf = (metric: Metric, load: string, runs: readonly Run[]): Figure[] =>
  peers.map(({ title }) => ratio(metric, load, runs, [title, BASE]));

function ratio(
  metric: Metric,
  load: string,
  runs: readonly Run[],
  pair: readonly [string, string],
): Figure {
  return {
    name: figureName(metric, load, pair.join(' / ')),
    samples: runs.map((run) => ratioIn(run, metric, pair)),
  };
}
