import type { BenchOptions, BenchResult } from '../bench.ts';
import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import { acceptedRuns } from './accepted-runs.ts';
import { PLAIN, SECOND_PLAIN, features } from './features.ts';
import {
  comparisonFigures,
  featureFigures,
  largeFigures,
  largeLoad,
  smallLoad,
} from './figures.ts';
import type { Load } from './measure.ts';
import { drawComparison, drawFeatures } from './comparison-table.ts';
import { callsPerSecond, cpuPerCall, disagreementIn, p50 } from './metric.ts';
import type { Metric } from './metric.ts';
import { BASE, SECOND_BASE, peers } from './peers.ts';
import type { PeerEntry, ServerName } from './peers.ts';
import type { Run } from './run.ts';
import { makeRun } from './run.ts';

/** How much is measured; the bench as it is ordered, or less of it. */
export interface SyncBenchOptions extends BenchOptions {
  /** How many calls are in flight, in one set of runs each. */
  readonly concurrencies?: readonly number[];
  /** How long each peer has each of its turns, and how many turns a run has. */
  readonly turnMs?: number;
  readonly turns?: number;
  readonly warmUpMs?: number;
  /** How far the two bases of a run may be apart: 5 % by default, and 25 % for a quick look. */
  readonly tolerance?: number;
}

/** How many calls with large responses are in flight: several, as no window is to stand still. */
const LARGE_CONCURRENCY = 4;
const FEATURE_CONCURRENCY = 64;

type Section = {
  readonly bases: readonly [string, string];
  readonly metric: Metric;
  readonly load: Omit<Load, 'durationMs'>;
};

/** Our client beside those that a team would use instead, raw grpc-js being 1.00. */
export async function benchSync(options: SyncBenchOptions): Promise<BenchResult> {
  const { say, rounds, timeShare, concurrencies = [1, 16, 64, 256] } = options;
  const { turnMs = 125, turns = Math.ceil(8 * timeShare) } = options;
  const { warmUpMs = 2_000 * timeShare, tolerance = timeShare < 1 ? 0.25 : 0.05 } = options;
  const servers = await startServers();
  try {
    const compared = await withClients(peers, async (runsOf) => {
      const byConcurrency = new Map<number, Run[]>();
      for (const concurrency of concurrencies) {
        byConcurrency.set(concurrency, await runsOf(peerRuns({ call: 'small', concurrency })));
      }
      const large = await runsOf(peerRuns({ call: 'large', concurrency: LARGE_CONCURRENCY }));
      return { byConcurrency, large };
    });
    const featured = await withClients(features, (runsOf) =>
      runsOf({
        bases: [PLAIN, SECOND_PLAIN],
        metric: cpuPerCall,
        load: { call: 'small', concurrency: FEATURE_CONCURRENCY },
      }),
    );
    const figures = [
      ...comparisonFigures(compared.byConcurrency),
      ...largeFigures(compared.large, LARGE_CONCURRENCY),
      ...featureFigures(featured),
    ];
    const loads = [...concurrencies.map(smallLoad), largeLoad(LARGE_CONCURRENCY)];
    const tables = [
      drawComparison(figures, { metric: callsPerSecond, loads }),
      drawComparison(figures, { metric: cpuPerCall, loads }),
      ...(concurrencies.includes(1)
        ? [drawComparison(figures, { metric: p50, loads: [smallLoad(1)] })]
        : []),
      drawFeatures(figures),
    ];
    return { figures, lines: tables.flatMap((table) => [...table, '']).slice(0, -1) };
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }

  async function startServers(): Promise<Map<ServerName, Child>> {
    say('starting the servers');
    const names: ServerName[] = ['grpc-js', 'http2'];
    const children = await Promise.all(
      names.map((name) => startChild('sync/server-process.ts', [name])),
    );
    return new Map(names.map((name, index) => [name, children[index] as Child]));
  }

  async function withClients<T>(
    entries: readonly PeerEntry[],
    work: (runsOf: (section: Section) => Promise<Run[]>) => Promise<T>,
  ): Promise<T> {
    const clients = new Map<string, Child>();
    try {
      for (const { title, server } of entries) {
        const address = `127.0.0.1:${servers.get(server)?.greeting}`;
        clients.set(title, await startChild('sync/client-process.ts', [title, address]));
      }
      say(`warming up: ${entries.map(({ title }) => title).join('; ')}`);
      const load: Load = { call: 'small', concurrency: 64, durationMs: warmUpMs };
      await makeRun({ clients, load, turns: 1, index: 0 });
      return await work((section) => runsOf(section, clients));
    } finally {
      await Promise.all([...clients.values()].map((client) => client.stop()));
    }
  }

  function runsOf({ bases, metric, load }: Section, clients: ReadonlyMap<string, Child>) {
    const what = (load.call === 'large' ? largeLoad : smallLoad)(load.concurrency);
    return acceptedRuns({
      wanted: rounds,
      tolerance,
      run: (index, accepted) => {
        say(`${what}: run ${accepted + 1} of ${rounds}`);
        return makeRun({ clients, load: { ...load, durationMs: turnMs }, turns, index });
      },
      disagreement: (run) => disagreementIn(run, metric, bases),
      say: (line) => say(`${what}: ${line}`),
    });
  }
}

const peerRuns = (load: Omit<Load, 'durationMs'>): Section => ({
  bases: [BASE, SECOND_BASE],
  metric: callsPerSecond,
  load,
});
