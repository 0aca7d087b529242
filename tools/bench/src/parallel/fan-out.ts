import type { BenchOptions } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type Samples, quantile } from '../figure.ts';
import type { Seen } from './backend.ts';
import type { Bursts, BurstsDone } from './caller.ts';
import { wayTitles } from './way-titles.ts';

const widths = [8, 32];
const BURSTS_A_TURN = 10;
const TURNS = 30;
const WARM_UP_BURSTS = 60;
const base = 'Promise.all';
const compared = ['trivium', 'trivium, hedged'];

/** What one way did in one round. */
interface Done {
  readonly wallsMs: number[];
  cpuMs: number;
  /** Calls that the service has seen. */
  seen: number;
}

/** Eight and 32 calls at once to a service with a long tail, made in each way; ten bursts a turn. */
export async function benchFanOut(options: BenchOptions, samples: Samples): Promise<void> {
  const { rounds, timeShare, say } = options;
  const service = await startChild('parallel/backend.ts', []);
  const callers = new Map<string, Child>();
  try {
    for (const way of wayTitles) {
      callers.set(way, await startChild('parallel/caller.ts', [way, String(service.greeting)]));
      // What is compiled late, and what hedges go by, is there before it counts.
      const bursts = way === 'one by one' ? 5 : WARM_UP_BURSTS;
      for (const width of widths) await callers.get(way)?.ask({ width, bursts });
    }
    for (let round = 1; round <= rounds; round++) {
      for (const width of widths) {
        say(`${width} calls at once, round ${round} of ${rounds}`);
        const turns = Math.max(2, Math.round(TURNS * timeShare));
        addSamples(width, await takeTurns({ service, callers, width, turns }), samples);
      }
    }
  } finally {
    for (const caller of callers.values()) await caller.stop();
    await service.stop();
  }
}

async function takeTurns(options: {
  readonly service: Child;
  readonly callers: ReadonlyMap<string, Child>;
  readonly width: number;
  readonly turns: number;
}): Promise<ReadonlyMap<string, Done>> {
  const { service, callers, width, turns } = options;
  const all = new Map<string, Done>();
  const titles = [...callers.keys()];
  for (const way of titles) all.set(way, { wallsMs: [], cpuMs: 0, seen: 0 });
  for (let turn = 0; turn < turns; turn++) {
    for (let place = 0; place < titles.length; place++) {
      const way = titles[(place + turn) % titles.length]!;
      await service.ask({});
      // One by one takes as long as all the others together, and is no rival.
      const bursts = way === 'one by one' ? 1 : BURSTS_A_TURN;
      const load: Bursts = { width, bursts };
      const { wallsMs, cpuMs } = (await callers.get(way)!.ask(load)) as BurstsDone;
      const { a } = (await service.ask({})) as Record<string, Seen>;
      const done = all.get(way)!;
      done.wallsMs.push(...wallsMs);
      done.cpuMs += cpuMs;
      done.seen += a?.calls ?? 0;
    }
  }
  return all;
}

function addSamples(width: number, all: ReadonlyMap<string, Done>, samples: Samples): void {
  const calls = ({ wallsMs }: Done): number => wallsMs.length * width;
  const figures = {
    'wall p50, ms': ({ wallsMs }: Done) => quantile(wallsMs, 0.5),
    'wall p90, ms': ({ wallsMs }: Done) => quantile(wallsMs, 0.9),
    'wall p99, ms': ({ wallsMs }: Done) => quantile(wallsMs, 0.99),
    'CPU a call, µs': (done: Done) => (done.cpuMs * 1_000) / calls(done),
  };
  for (const [name, figure] of Object.entries(figures)) {
    for (const [way, done] of all) samples.add(`${name}, ${width} calls: ${way}`, figure(done));
    for (const way of compared) {
      const ratio = figure(all.get(way)!) / figure(all.get(base)!);
      samples.add(`${name.split(',')[0]}, ${width} calls: ${way} / ${base}`, ratio);
    }
  }
  const hedged = all.get('trivium, hedged')!;
  samples.add(`extra calls, ${width} calls: trivium, hedged`, hedged.seen / calls(hedged) - 1);
}
