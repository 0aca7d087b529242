import type { BenchOptions, BenchResult } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { Samples, quantile } from '../figure.ts';
import { type Outcome, successShare } from '../load/open-loop.ts';
import type { Measurement } from '../sync/measure.ts';
import type { Offer } from './caller.ts';

/** The services under measurement, and the argument of each. */
const services = { 'with the limiter': 'default', 'without it': 'none' };

/** How many times its capacity a service is offered; after the last it is seen when it is back. */
const OVERLOADS = [2, 5, 10];
/** As many callers as keep the service busy, and few enough that none of them is refused. */
const CAPACITY_CONCURRENCY = 12;
const SLICE_MS = 500;

/** What a service still does when it is offered more than it can do, with the limiter and without it. */
export async function benchOverload({
  rounds,
  timeShare,
  say,
}: BenchOptions): Promise<BenchResult> {
  const phaseMs = 5_000 * timeShare;
  const samples = new Samples();
  for (let round = 1; round <= rounds; round++) {
    for (const [title, argument] of Object.entries(services)) {
      const add = (name: string, value: number) => samples.add(`${name}: ${title}`, value);
      say(`capacity ${title}, round ${round} of ${rounds}`);
      const { capacity, calmP99 } = await onFresh(argument, phaseMs, async (caller) => {
        const measured = await measureCapacity(caller, phaseMs);
        const calm = await offer(caller, 0.7 * measured, phaseMs);
        return { capacity: measured, calmP99: acceptedP99(calm) };
      });
      add('capacity, calls/s', capacity);
      add('p99 at 0.7 × capacity, ms', calmP99);
      for (const multiple of OVERLOADS) {
        say(`${multiple} × capacity ${title}, round ${round} of ${rounds}`);
        await onFresh(argument, phaseMs, async (caller) => {
          const outcomes = await offer(caller, multiple * capacity, phaseMs);
          add(`goodput at ${multiple} × / capacity`, goodput(outcomes, phaseMs) / capacity);
          if (multiple !== OVERLOADS.at(-1)) return;
          const p99 = acceptedP99(outcomes);
          add(`accepted p99 at ${multiple} ×, ms`, p99);
          add(`accepted p99 at ${multiple} × / p99 at 0.7 ×`, p99 / calmP99);
          // Without the burst that is let in before anything can be known of it.
          const settled = acceptedP99(outcomes.filter(({ dueMs }) => dueMs > phaseMs / 5));
          add('the same after the first second', settled / calmP99);
          // For longer than it may take, or it could not be seen that it took longer.
          const after = await offer(caller, 0.9 * capacity, 1.5 * phaseMs);
          add(`back at 95 % after ${multiple} ×, s`, recoveryMs(after) / 1000);
        });
      }
    }
  }
  return { figures: samples.figures() };
}

/** Works with a service that has nothing behind it but a warm-up, and with one that calls it. */
async function onFresh<T>(
  argument: string,
  phaseMs: number,
  work: (caller: Child) => Promise<T>,
): Promise<T> {
  const service = await startChild('overload/service.ts', [argument]);
  const caller = await startChild('overload/caller.ts', [String(service.greeting)]);
  try {
    await measureCapacity(caller, phaseMs / 5);
    return await work(caller);
  } finally {
    await caller.stop();
    await service.stop();
  }
}

/** In calls a second. */
async function measureCapacity(caller: Child, durationMs: number): Promise<number> {
  const closed: Offer = { concurrency: CAPACITY_CONCURRENCY, durationMs };
  const { calls, elapsedMs } = (await caller.ask(closed)) as Measurement;
  return (calls / elapsedMs) * 1000;
}

async function offer(caller: Child, ratePerSecond: number, durationMs: number): Promise<Outcome[]> {
  const arrivals: Offer = { ratePerSecond, durationMs };
  return (await caller.ask(arrivals)) as Outcome[];
}

/** In calls a second: those that succeeded, and did so while there was load. */
const goodput = (outcomes: readonly Outcome[], durationMs: number): number =>
  (outcomes.filter(({ code, dueMs, latencyMs }) => code === 0 && dueMs + latencyMs <= durationMs)
    .length /
    durationMs) *
  1000;

/** Infinite when nothing was accepted, which no goal is met by. */
function acceptedP99(outcomes: readonly Outcome[]): number {
  const accepted = outcomes.filter(({ code }) => code === 0);
  if (accepted.length === 0) return Infinity;
  return quantile(
    accepted.map(({ latencyMs }) => latencyMs),
    0.99,
  );
}

/** The end of the last slice of time in which fewer than 95 % of the calls succeeded; 0 for none. */
export function recoveryMs(outcomes: readonly Outcome[]): number {
  const slices = Map.groupBy(outcomes, ({ dueMs }) => Math.floor(dueMs / SLICE_MS));
  const bad = [...slices].filter(([, slice]) => successShare(slice) < 0.95);
  return Math.max(0, ...bad.map(([slice]) => (slice + 1) * SLICE_MS));
}
