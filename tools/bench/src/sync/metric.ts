import { median } from '../figure.ts';
import type { Measurement } from './measure.ts';
import type { Run } from './run.ts';

/** One number of a measurement, and what it is called. */
export interface Metric {
  readonly title: string;
  readonly of: (measurement: Measurement) => number;
}

export const callsPerSecond: Metric = {
  title: 'calls/s',
  of: ({ calls, elapsedMs }) => (calls / elapsedMs) * 1000,
};

export const cpuPerCall: Metric = {
  title: 'CPU per call, µs',
  of: ({ cpuMs, calls }) => (cpuMs / calls) * 1000,
};

export const p50: Metric = {
  title: 'p50, µs',
  of: ({ latenciesMs }) => median(latenciesMs) * 1000,
};

/** A metric of one peer in a run; NaN when the peer is not part of it. */
export function valueIn(run: Run, metric: Metric, title: string): number {
  const measurement = run.get(title);
  return measurement ? metric.of(measurement) : NaN;
}

/** How many times as large a metric is for one peer as for another, in the same run. */
export const ratioIn = (run: Run, metric: Metric, [title, base]: readonly [string, string]) =>
  valueIn(run, metric, title) / valueIn(run, metric, base);

/** How far the metrics of two peers in a run are apart: 0.05 when one is 5 % larger than the other. */
export function disagreementIn(run: Run, metric: Metric, pair: readonly [string, string]): number {
  const ratio = ratioIn(run, metric, pair);
  return Math.max(ratio, 1 / ratio) - 1;
}
