import { median } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { drawRows } from '../table.ts';
import { features } from './features.ts';
import { featureName, figureName } from './figures.ts';
import type { Metric } from './metric.ts';
import { BASE, peers } from './peers.ts';

/** Which metric is drawn, over which loads. */
export interface Comparison {
  readonly metric: Metric;
  readonly loads: readonly string[];
}

/** A row for each peer, and for each load the median and how many times that of the base it is. */
export function drawComparison(
  figures: readonly Figure[],
  { metric, loads }: Comparison,
): string[] {
  const rows = peers.map(({ title }) => [
    title,
    ...loads.flatMap((load) => [
      round(medianOf(figures, figureName(metric, load, title))),
      medianOf(figures, figureName(metric, load, `${title} / ${BASE}`)).toFixed(2),
    ]),
  ]);
  return drawRows([[metric.title, ...loads.flatMap((load) => [load, '×'])], ...rows]);
}

/** A row for each feature: what it costs by itself. */
export function drawFeatures(figures: readonly Figure[]): string[] {
  const rows = features
    .filter(({ title }) => figures.some(({ name }) => name === featureName(title)))
    .map(({ title }) => [title, medianOf(figures, featureName(title)).toFixed(1)]);
  return drawRows([['on alone', 'own cost, µs of CPU a call'], ...rows]);
}

const medianOf = (figures: readonly Figure[], name: string): number =>
  median(figures.find((figure) => figure.name === name)?.samples ?? []);

const round = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
