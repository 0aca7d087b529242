import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import type { Run } from '../sync/run.ts';
import type { BenchContext } from './bench-context.ts';
import type { DurableLoad } from './closed-loop.ts';
import { durableMetrics, p50Finished } from './durable-metrics.ts';
import {
  BULLMQ,
  GRAPHILE_WORKER,
  OURS,
  OURS_AGAIN,
  PG_BOSS,
  RESTATE,
  durablePeers,
} from './durable-peers.ts';
import type { DurableRuns } from './durable-runs.ts';
import { makeDurableRuns } from './durable-runs.ts';
import { bestOfFigures, ratioFigure, titlesOf, valueFigures } from './ratio-figures.ts';
import type { RunningServers } from './running-servers.ts';

/** Where the figures of this part were measured. */
export const IN_PROCESS = 'in process';
/** Those of which the best counts for starts; for how long one waits, the best of all counts. */
const QUEUES = [BULLMQ, PG_BOSS, GRAPHILE_WORKER];

/** The engine beside the others, each used through its client in the process that also does the work. */
export async function measureInProcess(
  context: BenchContext,
  servers: RunningServers,
): Promise<Figure[]> {
  const clients = new Map<string, Child>();
  try {
    for (const { title, server } of durablePeers) {
      const place = server ? servers.urlOf(server) : context.newFolder();
      if (place === undefined) context.say(`${title} is skipped: ${servers.missing(server!)}`);
      else clients.set(title, await startChild('async/in-process-client.ts', [title, place]));
    }
    const bases = [OURS, OURS_AGAIN] as const;
    return inProcessFigures(await makeDurableRuns({ context, where: IN_PROCESS, clients, bases }));
  } finally {
    await Promise.all([...clients.values()].map((client) => client.stop()));
  }
}

/** All figures of these runs. */
export const inProcessFigures = ({ start, finish, light }: DurableRuns): Figure[] => [
  ...figuresOf('start', start),
  ...figuresOf('finish', finish),
  ...valueFigures(p50Finished, `${IN_PROCESS}, light load`, light),
];

function figuresOf(call: DurableLoad['call'], runs: readonly Run[]): Figure[] {
  const { perSecond, p99 } = durableMetrics[call];
  const others = titlesOf(runs).filter((title) => title !== OURS && title !== OURS_AGAIN);
  const queues = { subject: OURS, rivals: QUEUES };
  const all = { subject: OURS, rivals: [...QUEUES, RESTATE] };
  return [
    ...valueFigures(perSecond, IN_PROCESS, runs),
    ...others.map((other) => ratioFigure(perSecond, IN_PROCESS, runs, [OURS, other])),
    ...bestOfFigures(perSecond, IN_PROCESS, runs, { ...queues, best: 'largest' }),
    ...valueFigures(p99, IN_PROCESS, runs),
    ...bestOfFigures(p99, IN_PROCESS, runs, { ...all, best: 'smallest' }),
  ];
}
