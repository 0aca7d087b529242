import { join } from 'node:path';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import { Samples, median } from '../figure.ts';
import type { Measurement } from '../sync/measure.ts';
import { callsPerSecond, cpuPerCall, p50 } from '../sync/metric.ts';
import type { Metric } from '../sync/metric.ts';
import type { BenchContext } from './bench-context.ts';
import type { LogCommand } from './recovery/recovery-messages.ts';

/** How many events each of the operations has that are in the logs; all of them have ended. */
const EVENTS_EACH = 10;
/** How often each is opened in a round. */
const OPENINGS = 7;
const CALLERS = 64;
const [long, short] = [0, 1];

/** What is measured on both logs, and compared. */
const compared = {
  open: 'open, ms',
  rate: 'starts/s',
  cpu: 'CPU of a start, µs',
  watch: 'p50 of reading an operation, µs',
};
const ratioOf = (metric: string) => `${metric}: long log / empty log`;

/** How many events the long log has, and how long they took to write. */
const facts = { events: 'events of the long log', writing: 'writing the long log, s' };

/** The figures of this part, in the order in which they are read. */
export const longLogRows: readonly string[] = [
  ...Object.values(facts),
  ...Object.values(compared).flatMap((metric) => [`${metric}: long log`, ratioOf(metric)]),
];

/** Opening, starting and watching on a log of a million events, beside one that is all but empty. */
export async function measureLongLog(context: BenchContext): Promise<Figure[]> {
  const { rounds, say, timeShare, sizes } = context;
  const operations = Math.ceil((sizes.events / EVENTS_EACH) * Math.min(1, timeShare));
  const samples = new Samples();
  const paths = [context.newFolder(), context.newFolder()].map((folder) => join(folder, 'log.db'));
  const process = await startChild('async/recovery/log-process.ts', paths);
  const ask = <T>(command: LogCommand) => process.ask(command) as Promise<T>;
  try {
    say(`writing a log of ${operations * EVENTS_EACH} events`);
    const began = performance.now();
    await ask({ what: 'fill', log: long, operations, eventsEach: EVENTS_EACH });
    samples.add(facts.events, operations * EVENTS_EACH);
    samples.add(facts.writing, (performance.now() - began) / 1000);
    await ask({ what: 'fill', log: short, operations: 1, eventsEach: EVENTS_EACH });
    for (let round = 1; round <= rounds; round++) {
      say(`opening, starting and watching on it: round ${round} of ${rounds}`);
      const open = (log: number) => ask<number>({ what: 'open', log });
      add(compared.open, await pairs(OPENINGS, open));
      const starts = await pairs(context.turns * 2, load('start', CALLERS));
      add(compared.rate, starts.map(valuesOf(callsPerSecond)));
      add(compared.cpu, starts.map(valuesOf(cpuPerCall)));
      const reads = await pairs(context.turns * 2, load('watch', 1));
      add(compared.watch, reads.map(valuesOf(p50)));
    }
    return samples.figures();
  } finally {
    await process.stop();
  }

  function load(what: 'start' | 'watch', callers: number) {
    const durationMs = context.turnMs / 2;
    return (log: number) => ask<Measurement>({ what, log, callers, durationMs });
  }

  function add(metric: string, values: readonly Pair<number>[]): void {
    samples.add(`${metric}: long log`, median(values.map(([ofLong]) => ofLong)));
    // Of what was measured one right after the other, so that what slows the machine slows both.
    samples.add(ratioOf(metric), median(values.map(([ofLong, ofShort]) => ofLong / ofShort)));
  }
}

/** Something of the long log and of the short one. */
type Pair<T> = readonly [long: T, short: T];

const valuesOf =
  ({ of }: Metric) =>
  ([ofLong, ofShort]: Pair<Measurement>): Pair<number> => [of(ofLong), of(ofShort)];

/** So many pairs, each log first in every other one, after one that opens it and fills its caches. */
async function pairs<T>(count: number, measure: (log: number) => Promise<T>): Promise<Pair<T>[]> {
  const found: Pair<T>[] = [];
  for (let turn = 0; turn <= count; turn++) {
    const [one, other] = turnsOf(turn);
    const values = [await measure(one), await measure(other)] as const;
    if (turn > 0) found.push(one === long ? values : [values[1], values[0]]);
  }
  return found;
}

/** Both logs, each first in every other turn. */
const turnsOf = (turn: number): Pair<number> => (turn % 2 === 0 ? [long, short] : [short, long]);
