import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import { Samples, quantile } from '../figure.ts';
import { acceptedRuns } from '../sync/accepted-runs.ts';
import type { Column } from './async-tables.ts';
import type { BenchContext } from './bench-context.ts';
import { OURS } from './durable-peers.ts';
import type { ServiceCommand, ServiceMemory, WatchersCommand } from './watch/watch-messages.ts';

/** The share of the watchers that is there before the memory of the others is measured: so that all is warm. */
const EARLY_SHARE = 0.2;
const GAP_MS = 50;
/** Memory and CPU are quieter than rates, and each run is dear. */
const TOLERANCE = 0.25;

const RAW = 'raw grpc-js';
const RAW_AGAIN = 'raw grpc-js, again';

/** The services that take turns, each with a process of its own for it and one for its watchers. */
const services = [
  { title: RAW, file: 'async/watch/raw-service.ts' },
  { title: OURS, file: 'async/watch/trivium-service.ts' },
  { title: RAW_AGAIN, file: 'async/watch/raw-service.ts' },
];

/** What one service did with its watchers. */
interface Watched {
  /** From when an event was told to when a watcher had it: one for each of both. */
  readonly latenciesMs: readonly number[];
  readonly cpuUs: number;
  /** What a watcher that only waits adds to what is held, and to what is resident. */
  readonly heldKb: number;
  readonly residentKb: number;
}

type WatchedRun = ReadonlyMap<string, Watched>;

/** What it costs to tell many watchers of an event, beside raw grpc-js that writes it to each. */
export async function measureWatchers(context: BenchContext): Promise<Figure[]> {
  const { say, rounds, timeShare, sizes } = context;
  const what = `${sizes.watchers} watchers`;
  const events = Math.ceil(40 * timeShare);
  const runs = await acceptedRuns<WatchedRun>({
    wanted: rounds,
    tolerance: Math.max(TOLERANCE, context.tolerance),
    say: (line) => say(`${what}: ${line}`),
    disagreement: (run) => {
      const ratio = (run.get(RAW)?.cpuUs ?? NaN) / (run.get(RAW_AGAIN)?.cpuUs ?? NaN);
      return Math.max(ratio, 1 / ratio) - 1;
    },
    async run(index, accepted) {
      say(`${what}: run ${accepted + 1} of ${rounds}`);
      const run = new Map<string, Watched>();
      for (let place = 0; place < services.length; place++) {
        const { title, file } = services[(place + index) % services.length]!;
        run.set(
          title,
          await watched(file, { folder: context.newFolder(), events, count: sizes.watchers }),
        );
      }
      return run;
    },
  });
  return watcherFigures(runs);
}

async function watched(
  file: string,
  { folder, events, count }: { folder: string; events: number; count: number },
): Promise<Watched> {
  const children: Child[] = [];
  try {
    const service = await startChild(file, [folder]);
    children.push(service);
    const watchers = await startChild('async/watch/watchers-process.ts', [
      String(service.greeting),
    ]);
    children.push(watchers);
    const ask = (command: ServiceCommand) => service.ask(command);
    const watch = (command: WatchersCommand) => watchers.ask(command);

    const early = Math.ceil(count * EARLY_SHARE);
    await watch({ what: 'open', watchers: early });
    const few = (await ask({ what: 'memory' })) as ServiceMemory;
    await watch({ what: 'open', watchers: count - early });
    const idle = (await ask({ what: 'memory' })) as ServiceMemory;
    const tell = async (many: number) => {
      const collected = watch({ what: 'collect', events: many });
      const toldUs = (await ask({ what: 'tell', events: many, gapMs: GAP_MS })) as number[];
      return { toldUs, receivedUs: (await collected) as number[][] };
    };
    // The first ones compile what the others run.
    await tell(Math.ceil(events / 4));
    const cpuBefore = (await ask({ what: 'cpu' })) as number;
    const { toldUs, receivedUs } = await tell(events);
    const cpuMs = ((await ask({ what: 'cpu' })) as number) - cpuBefore;
    return {
      latenciesMs: latenciesOf(toldUs, receivedUs),
      cpuUs: (cpuMs * 1000) / (events * count),
      heldKb: (idle.heldBytes - few.heldBytes) / 1000 / (count - early),
      residentKb: (idle.residentBytes - few.residentBytes) / 1000 / (count - early),
    };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** How long each event took to reach each watcher, in milliseconds. */
export const latenciesOf = (
  toldUs: readonly number[],
  receivedUs: readonly (readonly number[])[],
): number[] =>
  receivedUs.flatMap((each, event) => each.map((us) => (us - (toldUs[event] ?? NaN)) / 1000));

/** What is known of each service, and under which name. */
const metrics = {
  p50: { title: 'p50 from an event to its watchers, ms', heading: 'p50, ms', digits: 1 },
  p99: { title: 'p99 from an event to its watchers, ms', heading: 'p99, ms', digits: 1 },
  cpu: { title: 'CPU per watcher and event, µs', heading: 'CPU, µs', digits: 1 },
  held: { title: 'memory of an idle watcher, KB', heading: 'idle, KB', digits: 1 },
  resident: {
    title: 'memory of an idle watcher, resident, KB',
    heading: 'resident, KB',
    digits: 1,
  },
} as const;

/** Who is watched, and what stands in the table of them. */
export const watchedTitles: readonly string[] = services.map(({ title }) => title);
export const watcherColumns: readonly Column[] = Object.values(metrics).map(
  ({ title: metric, heading, digits }) => ({
    ...{ heading, digits },
    figure: (title) => `${metric}: ${title}`,
  }),
);

/** The figures of some runs. */
export function watcherFigures(runs: readonly WatchedRun[]): Figure[] {
  const samples = new Samples();
  for (const run of runs) {
    for (const [title, { latenciesMs, cpuUs, heldKb, residentKb }] of run) {
      const add = (metric: { title: string }, value: number) =>
        samples.add(`${metric.title}: ${title}`, value);
      add(metrics.p50, quantile(latenciesMs, 0.5));
      add(metrics.p99, quantile(latenciesMs, 0.99));
      add(metrics.cpu, cpuUs);
      add(metrics.held, heldKb);
      add(metrics.resident, residentKb);
    }
    const ratio = (run.get(OURS)?.cpuUs ?? NaN) / (run.get(RAW)?.cpuUs ?? NaN);
    samples.add(`${metrics.cpu.title}: ${OURS} / ${RAW}`, ratio);
  }
  return samples.figures();
}
