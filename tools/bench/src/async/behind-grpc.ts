import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import type { Measurement } from '../sync/measure.ts';
import type { Run } from '../sync/run.ts';
import type { BenchContext } from './bench-context.ts';
import type { DurableLoad } from './closed-loop.ts';
import { durableMetrics, p50Finished, serverCpu } from './durable-metrics.ts';
import { BULLMQ, OURS, durablePeers } from './durable-peers.ts';
import type { DurableRuns } from './durable-runs.ts';
import { makeDurableRuns } from './durable-runs.ts';
import { ECHO, RAW_ECHO, SECOND_ECHO, grpcEntries } from './grpc/grpc-entries.ts';
import type { HostCommand } from './grpc/grpc-entries.ts';
import { ratioFigure, titlesOf, valueFigures } from './ratio-figures.ts';
import type { RunningServers } from './running-servers.ts';

/** Where the figures of this part were measured. */
export const BEHIND_GRPC = 'behind gRPC';

/** The engine and BullMQ behind the same host, and an echo: that host with nothing behind it, and raw grpc-js. */
export async function measureBehindGrpc(
  context: BenchContext,
  servers: RunningServers,
): Promise<Figure[]> {
  const children: Child[] = [];
  const clients = new Map<string, Child>();
  const child = async (file: string, args: readonly string[]) => {
    const started = await startChild(file, args);
    children.push(started);
    return started;
  };
  try {
    for (const { title, host } of grpcEntries) {
      const server = durablePeers.find((peer) => peer.title === host)?.server;
      const place = server ? servers.urlOf(server) : context.newFolder();
      if (place === undefined) {
        context.say(`${title} ${BEHIND_GRPC} is skipped: ${servers.missing(server!)}`);
        continue;
      }
      const raw = host === RAW_ECHO ? 'raw-' : '';
      const hosting = await child(`async/grpc/${raw}host-process.ts`, [host, place]);
      const address = String(hosting.greeting);
      const calling = await child(`async/grpc/${raw}caller-process.ts`, [address]);
      clients.set(title, callingThrough(calling, hosting));
    }
    const bases = [ECHO, SECOND_ECHO] as const;
    const runs = await makeDurableRuns({ context, where: BEHIND_GRPC, clients, bases });
    return behindGrpcFigures(runs);
  } finally {
    await Promise.all(children.map((each) => each.stop()));
  }
}

/** A caller that counts its host's CPU instead of its own, and leaves its host with nothing to do. */
function callingThrough(calling: Child, hosting: Child): Child {
  const tell = (command: HostCommand) => hosting.ask(command) as Promise<number>;
  return {
    ...calling,
    async ask(load) {
      const before = await tell({ what: 'cpu' });
      const measurement = (await calling.ask(load)) as Measurement;
      const cpuMs = (await tell({ what: 'cpu' })) - before;
      await tell({ what: 'settle' });
      return { ...measurement, cpuMs };
    },
  };
}

/** All figures of these runs. */
export const behindGrpcFigures = ({ start, finish, light }: DurableRuns): Figure[] => [
  ...figuresOf('start', start),
  ...figuresOf('finish', finish),
  ...valueFigures(p50Finished, `${BEHIND_GRPC}, light load`, light),
];

function figuresOf(call: DurableLoad['call'], runs: readonly Run[]): Figure[] {
  const { perSecond, p99 } = durableMetrics[call];
  const bases = [ECHO, BULLMQ, RAW_ECHO].filter((base) => titlesOf(runs).includes(base));
  return [
    ...valueFigures(perSecond, BEHIND_GRPC, runs),
    ...bases.map((base) => ratioFigure(perSecond, BEHIND_GRPC, runs, [OURS, base])),
    ...valueFigures(p99, BEHIND_GRPC, runs),
    ...valueFigures(serverCpu(perSecond), BEHIND_GRPC, runs),
  ];
}
