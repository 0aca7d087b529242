import type { BenchOptions, BenchResult } from '../bench.ts';
import { startChild } from '../child.ts';
import { Samples } from '../figure.ts';
import type { Arrivals, Outcome } from '../load/open-loop.ts';

const modes = ['with a budget', 'without one'];

/** What retries add to the load of a service that is down, with a budget for them and without one. */
export async function benchRetryLoad({
  rounds,
  timeShare,
  say,
}: BenchOptions): Promise<BenchResult> {
  const arrivals: Arrivals = { ratePerSecond: 200, durationMs: 5_000 * timeShare };
  const samples = new Samples();
  for (let round = 1; round <= rounds; round++) {
    for (const mode of modes) {
      say(`retries ${mode}, round ${round} of ${rounds}`);
      const service = await startChild('retry-load/service.ts', []);
      const caller = await startChild('retry-load/caller.ts', [String(service.greeting), mode]);
      try {
        const calls = ((await caller.ask(arrivals)) as Outcome[]).length;
        const attempts = (await service.ask({})) as number;
        samples.add(`attempts / calls, all failing: ${mode}`, attempts / calls);
      } finally {
        await caller.stop();
        await service.stop();
      }
    }
  }
  return { figures: samples.figures() };
}
