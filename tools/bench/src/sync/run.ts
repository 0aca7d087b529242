import type { Child } from '../child.ts';
import type { Measurement } from './measure.ts';

/** What each peer did in one run, by its title. */
export type Run = ReadonlyMap<string, Measurement>;

/** What a run consists of. */
export interface RunOptions {
  /** The clients, by title, in the order of their turns. */
  readonly clients: ReadonlyMap<string, Child>;
  /** What each is asked for in a turn. */
  readonly load: object;
  /** How often each has its turn. */
  readonly turns: number;
  /** Which run it is: each begins with another peer. */
  readonly index: number;
}

/** Lets the clients take turns, one at a time, and adds up what each of them did. */
export async function makeRun({ clients, load, turns, index }: RunOptions): Promise<Run> {
  const titles = [...clients.keys()];
  const sums = new Map<string, Measurement>();
  for (let turn = 0; turn < turns; turn++) {
    for (let place = 0; place < titles.length; place++) {
      const title = titles[(place + index + turn) % titles.length] as string;
      const measured = (await clients.get(title)?.ask(load)) as Measurement;
      sums.set(title, add(sums.get(title), measured));
    }
  }
  return sums;
}

function add(sum: Measurement | undefined, next: Measurement): Measurement {
  if (!sum) return next;
  return {
    calls: sum.calls + next.calls,
    elapsedMs: sum.elapsedMs + next.elapsedMs,
    cpuMs: sum.cpuMs + next.cpuMs,
    latenciesMs: sum.latenciesMs.concat(next.latenciesMs),
  };
}
