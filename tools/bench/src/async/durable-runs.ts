import type { Child } from '../child.ts';
import { NoRunAccepted, acceptedRuns } from '../sync/accepted-runs.ts';
import { disagreementIn } from '../sync/metric.ts';
import type { Run } from '../sync/run.ts';
import { makeRun } from '../sync/run.ts';
import type { BenchContext } from './bench-context.ts';
import type { DurableLoad } from './closed-loop.ts';
import { durableMetrics } from './durable-metrics.ts';

/** How many callers there are, and how long the one of a light load waits between its calls. */
export const CALLERS = 64;
const LIGHT_PAUSE_MS = 5;

/** Clients that take turns somewhere, and the two among them that have to agree. */
export interface DurableSection {
  readonly context: BenchContext;
  readonly where: string;
  readonly clients: ReadonlyMap<string, Child>;
  readonly bases: readonly [string, string];
}

/** The runs of a section, by what was asked for. */
export interface DurableRuns {
  readonly start: readonly Run[];
  readonly finish: readonly Run[];
  /** One caller, now and then. */
  readonly light: readonly Run[];
}

/** Warms all clients up and makes all runs of a section. */
export async function makeDurableRuns(section: DurableSection): Promise<DurableRuns> {
  const { context, where, clients } = section;
  const { say, turnMs, rounds } = context;
  say(`warming up ${where}: ${[...clients.keys()].join('; ')}`);
  for (const call of ['start', 'finish'] as const) {
    const load: DurableLoad = { call, callers: CALLERS, durationMs: turnMs * 2 };
    await makeRun({ clients, load, turns: 1, index: 0 });
  }
  const start = await runsOf(section, 'start');
  const finish = await runsOf(section, 'finish');
  say(`one caller ${where}, now and then`);
  const light: Run[] = [];
  for (let index = 0; index < rounds; index++) {
    const load: DurableLoad = {
      call: 'finish',
      callers: 1,
      durationMs: turnMs * 2,
      pauseMs: LIGHT_PAUSE_MS,
    };
    light.push(await makeRun({ clients, load, turns: 1, index }));
  }
  return { start, finish, light };
}

/** None when the bases agree in no run: what else was measured is not lost for that. */
async function runsOf(
  { context, where, clients, bases }: DurableSection,
  call: DurableLoad['call'],
): Promise<Run[]> {
  const { say, rounds, turns, turnMs, tolerance } = context;
  const { perSecond } = durableMetrics[call];
  const what = `${perSecond.title}, ${where}`;
  const runs = acceptedRuns({
    wanted: rounds,
    tolerance,
    run(index, accepted) {
      say(`${what}: run ${accepted + 1} of ${rounds}`);
      const load: DurableLoad = { call, callers: CALLERS, durationMs: turnMs };
      return makeRun({ clients, load, turns, index });
    },
    disagreement: (run) => disagreementIn(run, perSecond, bases),
    say: (line) => say(`${what}: ${line}`),
  });
  return runs.catch((error: unknown) => {
    if (!(error instanceof NoRunAccepted)) throw error;
    say(`NOT MEASURED: ${what}: ${error.message}`);
    return [];
  });
}
