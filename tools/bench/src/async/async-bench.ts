import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions, BenchResult } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { drawAsyncTables } from './async-tables.ts';
import { measureBehindGrpc } from './behind-grpc.ts';
import type { AsyncBenchSizes, BenchContext } from './bench-context.ts';
import { measureInProcess } from './in-process.ts';
import { measureLongLog } from './long-log.ts';
import { measureRestart } from './restart.ts';
import { startServers } from './running-servers.ts';
import type { ServerName } from './servers/servers.ts';
import { measureWatchers } from './watchers.ts';

/** How much is measured; the bench as it is ordered, or less of it. */
export interface AsyncBenchOptions extends BenchOptions {
  /** How long each has each of its turns, and how many turns a run has. */
  readonly turnMs?: number;
  readonly turns?: number;
  /**
   * How far the two bases of a run may be apart: 20 % by default, since disks are less even than
   * processors, and 100 % for a quick look.
   */
  readonly tolerance?: number;
  /** By default 1,000 watchers, 10,000 pending operations and 1,000,000 events. */
  readonly sizes?: AsyncBenchSizes;
  /** Which servers are started if they are there: all of them by default. */
  readonly servers?: readonly ServerName[];
}

/** Durable operations beside the queues and engines that a team would use instead. */
export async function benchAsync(options: AsyncBenchOptions): Promise<BenchResult> {
  const { timeShare, say } = options;
  const root = mkdtempSync(join(tmpdir(), 'trivium-bench-'));
  let folders = 0;
  const context: BenchContext = {
    turnMs: 250,
    turns: Math.ceil(4 * timeShare),
    tolerance: timeShare < 1 ? 1 : 0.2,
    sizes: { watchers: 1_000, pending: 10_000, events: 1_000_000 },
    ...options,
    newFolder() {
      const folder = join(root, String(++folders));
      mkdirSync(folder);
      return folder;
    },
  };
  const figures: Figure[] = [];
  /** What goes wrong in one part leaves the others as they are; its goals are missed. */
  const part = async (title: string, measure: () => Promise<Figure[]>) => {
    try {
      figures.push(...(await measure()));
    } catch (error) {
      say(`NOT MEASURED: ${title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  try {
    const servers = await startServers({ ...context, names: options.servers });
    try {
      await part('in process', () => measureInProcess(context, servers));
      await part('behind gRPC', () => measureBehindGrpc(context, servers));
    } finally {
      await servers.stop();
    }
    await part('watchers', () => measureWatchers(context));
    await part('a restart', () => measureRestart(context));
    await part('a long log', () => measureLongLog(context));
    return { figures, lines: drawAsyncTables(figures) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
