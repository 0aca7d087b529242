import { median } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Metric } from '../sync/metric.ts';
import { drawRows } from '../table.ts';
import { BEHIND_GRPC } from './behind-grpc.ts';
import { durableMetrics, p50Finished, serverCpu } from './durable-metrics.ts';
import { OURS, durablePeers } from './durable-peers.ts';
import { grpcEntries } from './grpc/grpc-entries.ts';
import { IN_PROCESS } from './in-process.ts';
import { longLogRows } from './long-log.ts';
import { durableFigure } from './ratio-figures.ts';
import { RESTART_FIGURE } from './restart.ts';
import { watchedTitles, watcherColumns } from './watchers.ts';

/** A column of a table: its heading, and which figure stands in the row of a title. */
export interface Column {
  readonly heading: string;
  readonly figure: (title: string) => string;
  readonly digits?: number;
}

/** Medians, a row for each title and an empty cell where there is no figure. */
export function drawColumns(
  figures: readonly Figure[],
  heading: string,
  titles: readonly string[],
  columns: readonly Column[],
): string[] {
  const cell = (name: string, digits: number) => {
    const samples = figures.find((figure) => figure.name === name)?.samples;
    return samples ? median(samples).toFixed(digits) : '';
  };
  const rows = titles
    .map((title) => [
      title,
      ...columns.map(({ figure, digits = 0 }) => cell(figure(title), digits)),
    ])
    .filter(([, ...cells]) => cells.some(Boolean));
  return drawRows([[heading, ...columns.map((column) => column.heading)], ...rows]);
}

/** The tables of the bench, an empty line between two. */
export function drawAsyncTables(figures: readonly Figure[]): string[] {
  const { start, finish } = durableMetrics;
  const of = (metric: Metric, where: string) => (title: string) =>
    durableFigure(metric, where, title);
  const times = (metric: Metric, where: string) => (title: string) =>
    durableFigure(metric, where, `${OURS} / ${title}`);
  const rates = (where: string) => [
    { heading: start.perSecond.title, figure: of(start.perSecond, where) },
    { heading: 'trivium ×', figure: times(start.perSecond, where), digits: 2 },
    { heading: 'p99, ms', figure: of(start.p99, where), digits: 1 },
    { heading: finish.perSecond.title, figure: of(finish.perSecond, where) },
    { heading: 'trivium ×', figure: times(finish.perSecond, where), digits: 2 },
    { heading: 'p99, ms', figure: of(finish.p99, where), digits: 1 },
    { heading: 'p50, light, ms', figure: of(p50Finished, `${where}, light load`), digits: 1 },
  ];
  const cpu = (heading: string, perSecond: Metric) => ({
    heading,
    figure: of(serverCpu(perSecond), BEHIND_GRPC),
  });
  const one = (names: readonly string[]) =>
    drawColumns(figures, 'one process', names, [
      { heading: 'median', figure: (name) => name, digits: 2 },
    ]);
  const peers = durablePeers.map(({ title }) => title);
  const hosts = grpcEntries.map(({ title }) => title);
  const tables = [
    drawColumns(figures, IN_PROCESS, peers, rates(IN_PROCESS)),
    drawColumns(figures, BEHIND_GRPC, hosts, [
      ...rates(BEHIND_GRPC),
      cpu('CPU a start, µs', start.perSecond),
      cpu('CPU to finished, µs', finish.perSecond),
    ]),
    drawColumns(figures, 'watching', watchedTitles, watcherColumns),
    one([RESTART_FIGURE, ...longLogRows]),
  ];
  const measured = tables.filter((table) => table.length > 1);
  return measured.flatMap((table) => [...table, '']).slice(0, -1);
}
