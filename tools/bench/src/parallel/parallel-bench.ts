import type { BenchOptions, BenchResult } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { Samples, median } from '../figure.ts';
import type { Seen } from './backend.ts';
import { benchFanOut } from './fan-out.ts';
import { graphs } from './graphs.ts';
import type { SchedulerCost } from './scheduler.ts';

/** Calls at once: beside the other ways, hedged, in graphs, within limits; and what the scheduler costs. */
export async function benchParallel(options: BenchOptions): Promise<BenchResult> {
  const samples = new Samples();
  await benchScheduler(options, samples);
  await benchGraphs(options, samples);
  await benchLimit(options, samples);
  await benchFanOut(options, samples);
  return { figures: samples.figures() };
}

/** The sizes of plans, and how many steps in all it takes to measure one. */
const planSizes = [10, 100, 1_000, 10_000, 100_000];
const STEPS_IN_ALL = 400_000;

async function benchScheduler(options: BenchOptions, samples: Samples): Promise<void> {
  const { rounds, timeShare, say } = options;
  for (let round = 1; round <= rounds; round++) {
    say(`the scheduler, round ${round} of ${rounds}`);
    for (const steps of planSizes) {
      const scheduler = await startChild('parallel/scheduler.ts', []);
      const times = Math.max(2, Math.round((STEPS_IN_ALL * timeShare) / steps));
      const cost = (await scheduler.ask({ steps, times })) as SchedulerCost;
      await scheduler.stop();
      const size = `${steps.toLocaleString('en')} steps`;
      samples.add(`scheduler, CPU a step, µs: ${size}`, cost.cpuUsPerStep);
      // Of a small plan the garbage of the process is all that can be seen.
      if (steps >= 10_000) samples.add(`scheduler, bytes a step: ${size}`, cost.bytesPerStep);
    }
  }
}

async function benchGraphs(options: BenchOptions, samples: Samples): Promise<void> {
  const { rounds, timeShare, say } = options;
  await withService('parallel/graph-caller.ts', async (caller) => {
    for (const graph of Object.keys(graphs)) await caller.ask({ graph, times: 10 });
    for (let round = 1; round <= rounds; round++) {
      say(`graphs, round ${round} of ${rounds}`);
      for (const graph of Object.keys(graphs)) {
        const times = Math.max(5, Math.round(60 * timeShare));
        const ratios = (await caller.ask({ graph, times })) as number[];
        samples.add(`wall / critical path: ${graph}`, median(ratios));
      }
    }
  });
}

const CALLS = 1_000;
const LIMIT = 16;

async function benchLimit({ rounds, say }: BenchOptions, samples: Samples): Promise<void> {
  await withService('parallel/limit-caller.ts', async (caller, service) => {
    for (let round = 1; round <= rounds; round++) {
      say(`a limit of ${LIMIT}, round ${round} of ${rounds}`);
      await service.ask({});
      await caller.ask({ calls: CALLS, limit: LIMIT });
      const seen = (await service.ask({})) as Record<string, Seen>;
      for (const [target, { most }] of Object.entries(seen)) {
        samples.add(`1,000 calls, a limit of 16: most in flight, target ${target}`, most);
      }
    }
  });
}

async function withService(
  file: string,
  work: (caller: Child, service: Child) => Promise<void>,
): Promise<void> {
  const service = await startChild('parallel/backend.ts', []);
  const caller = await startChild(file, [String(service.greeting)]);
  try {
    await work(caller, service);
  } finally {
    await caller.stop();
    await service.stop();
  }
}
