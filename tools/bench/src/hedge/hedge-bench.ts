import type { BenchOptions, BenchResult } from '../bench.ts';
import { startChild } from '../child.ts';
import { Samples, quantile } from '../figure.ts';
import type { Arrivals, Outcome } from '../load/open-loop.ts';

const modes = ['hedged', 'not hedged'] as const;
const RATE_PER_SECOND = 200;

/** What hedging makes of a replica that is slow in one call of twenty, and what it costs. */
export async function benchHedge({ rounds, timeShare, say }: BenchOptions): Promise<BenchResult> {
  const durationMs = 10_000 * timeShare;
  const samples = new Samples();
  for (let round = 1; round <= rounds; round++) {
    const p99 = new Map<string, number>();
    for (const mode of modes) {
      say(`${mode}, round ${round} of ${rounds}`);
      const service = await startChild('hedge/service.ts', []);
      const caller = await startChild('hedge/caller.ts', [String(service.greeting), mode]);
      try {
        const arrivals: Arrivals = { ratePerSecond: RATE_PER_SECOND, durationMs };
        // What is slow has to be seen before it can be known.
        await caller.ask({ ...arrivals, durationMs: durationMs / 5 });
        const before = (await service.ask({})) as number;
        const outcomes = (await caller.ask(arrivals)) as Outcome[];
        const attempts = ((await service.ask({})) as number) - before;
        const latencies = outcomes.map(({ latencyMs }) => latencyMs);
        p99.set(mode, quantile(latencies, 0.99));
        samples.add(`p50, ms: ${mode}`, quantile(latencies, 0.5));
        samples.add(`p99, ms: ${mode}`, quantile(latencies, 0.99));
        samples.add(`failed: ${mode}`, outcomes.filter(({ code }) => code !== 0).length);
        samples.add(`attempts / calls: ${mode}`, attempts / outcomes.length);
      } finally {
        await caller.stop();
        await service.stop();
      }
    }
    samples.add(
      'p99: hedged / not hedged',
      (p99.get('hedged') ?? NaN) / (p99.get('not hedged') ?? NaN),
    );
  }
  return { figures: samples.figures() };
}
