import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@trivium/shop';
import type { BenchOptions, BenchResult } from '../bench.ts';
import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import { NoRunAccepted, acceptedRuns } from '../sync/accepted-runs.ts';
import { callsPerSecond, disagreementIn, p50, valueIn } from '../sync/metric.ts';
import type { Metric } from '../sync/metric.ts';
import type { Run } from '../sync/run.ts';
import { makeRun } from '../sync/run.ts';
import { ratioFigure, valueFigures } from '../async/ratio-figures.ts';

/** How much is measured; the bench as it is ordered, or less of it. */
export interface OrchestratorBenchOptions extends BenchOptions {
  readonly turnMs?: number;
  readonly turns?: number;
  /** How far the two bases of a run may be apart: 10 % by default, and 40 % for a quick look. */
  readonly tolerance?: number;
}

const DIRECT = 'direct';
const DIRECT_AGAIN = 'direct, again';
const THROUGH = 'through the orchestrator';
const LOADS = [1, 64];

/** What a call costs that is named in JSON and made by the orchestrator, beside the same call made directly. */
export async function benchOrchestrator(options: OrchestratorBenchOptions): Promise<BenchResult> {
  const { say, timeShare } = options;
  const root = mkdtempSync(join(tmpdir(), 'trivium-bench-'));
  const stops: (() => Promise<void>)[] = [];
  const child = async (file: string, args: readonly string[] = []) => {
    const started = await startChild(file, args);
    stops.push(() => started.stop());
    return started;
  };
  try {
    say('starting a backend and the orchestrator');
    const backend = String((await child('orchestrator/backend-process.ts')).greeting);
    const orchestrator = await startOrchestrator(root, backend);
    stops.push(() => orchestrator.stop());
    const caller = (how: string, address: string) =>
      child('orchestrator/caller-process.ts', [how, address]);
    const clients = new Map([
      [DIRECT, await caller('direct', backend)],
      [THROUGH, await caller('through', orchestrator.address)],
      [DIRECT_AGAIN, await caller('direct', backend)],
    ]);
    say('warming up');
    const warmUp = { callers: 64, durationMs: 3_000 * timeShare };
    await makeRun({ clients, load: warmUp, turns: 1, index: 0 });
    const figures: Figure[] = [];
    for (const callers of LOADS) {
      figures.push(...figuresOf(callers, await runsOf(options, clients, callers)));
    }
    return { figures };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    rmSync(root, { recursive: true, force: true });
  }
}

function startOrchestrator(root: string, backend: string) {
  const services = join(root, 'services.yaml');
  writeFileSync(services, `services:\n  - name: catalog\n    addresses: ${backend}\n`);
  const folders = { PLANS_DIR: join(root, 'plans'), DATA_DIR: join(root, 'data') };
  for (const folder of Object.values(folders)) mkdirSync(folder);
  return startProcess('orchestrator', {
    env: { PORT: '0', SERVICES_FILE: services, LOG_LEVEL: 'error', ...folders },
  });
}

function runsOf(
  { rounds, say, timeShare, ...given }: OrchestratorBenchOptions,
  clients: ReadonlyMap<string, Child>,
  callers: number,
): Promise<Run[]> {
  const { turnMs = 250, turns = Math.ceil(8 * timeShare) } = given;
  const { tolerance = timeShare < 1 ? 0.4 : 0.1 } = given;
  const what = loadTitle(callers);
  const runs = acceptedRuns({
    wanted: rounds,
    tolerance,
    run(index, accepted) {
      say(`${what}: run ${accepted + 1} of ${rounds}`);
      return makeRun({ clients, load: { callers, durationMs: turnMs }, turns, index });
    },
    disagreement: (run) => disagreementIn(run, callsPerSecond, [DIRECT, DIRECT_AGAIN]),
    say: (line) => say(`${what}: ${line}`),
  });
  return runs.catch((error: unknown) => {
    if (!(error instanceof NoRunAccepted)) throw error;
    say(`NOT MEASURED: ${what}: ${error.message}`);
    return [];
  });
}

const loadTitle = (callers: number): string => `${callers} at a time`;

const p50Ms: Metric = { title: 'p50, ms', of: (measurement) => p50.of(measurement) / 1000 };

/** The figures of the runs of one load; none of none. */
export function figuresOf(callers: number, runs: readonly Run[]): Figure[] {
  if (runs.length === 0) return [];
  const where = loadTitle(callers);
  return [
    ...valueFigures(p50Ms, where, runs),
    {
      name: `${p50Ms.title}, ${where}: ${THROUGH} - ${DIRECT}`,
      samples: runs.map((run) => valueIn(run, p50Ms, THROUGH) - valueIn(run, p50Ms, DIRECT)),
    },
    ...valueFigures(callsPerSecond, where, runs),
    ratioFigure(callsPerSecond, where, runs, [THROUGH, DIRECT]),
  ];
}
