import { quantile } from '../figure.ts';
import type { Metric } from '../sync/metric.ts';

/** What is counted and timed of the calls of a kind. */
export interface DurableMetrics {
  readonly perSecond: Metric;
  readonly p99: Metric;
}

const perSecond = (title: string): Metric => ({
  title,
  of: ({ calls, elapsedMs }) => (calls / elapsedMs) * 1000,
});

const latency = (title: string, q: number): Metric => ({
  title,
  of: ({ latenciesMs }) => quantile(latenciesMs, q),
});

/** The metrics of work that is handed in, and of work that is also done. */
export const durableMetrics: Readonly<Record<'start' | 'finish', DurableMetrics>> = {
  start: { perSecond: perSecond('starts/s'), p99: latency('p99 of a start, ms', 0.99) },
  finish: {
    perSecond: perSecond('start to finished/s'),
    p99: latency('p99 of start to finished, ms', 0.99),
  },
};

/** The middle of how long start to finished takes. */
export const p50Finished: Metric = latency('p50 of start to finished, ms', 0.5);

/** The CPU of the server's process for a call, of those that a rate counts. */
export const serverCpu = (perSecond: Metric): Metric => ({
  title: `CPU of the server for a call, µs, ${perSecond.title}`,
  of: ({ cpuMs, calls }) => (cpuMs / calls) * 1000,
});
