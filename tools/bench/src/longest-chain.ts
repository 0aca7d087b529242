import type { StepTiming } from '@trivium/contracts/shop/checkout/v1/checkout';
import { durationToMs } from '@trivium/rpc';

/** The longest chain of calls that waited for each other, in milliseconds: no quote can take less. */
export function longestChainMs(timings: readonly StepTiming[]): number {
  const bySteps = new Map(timings.map((timing) => [timing.step, timing]));
  const known = new Map<string, number>();
  const chainMs = (step: string): number => {
    const timing = bySteps.get(step);
    if (!timing) return 0;
    const before = known.get(step);
    if (before !== undefined) return before;
    const ownMs =
      (timing.endOffset ? durationToMs(timing.endOffset) : 0) -
      (timing.startOffset ? durationToMs(timing.startOffset) : 0);
    const total = ownMs + Math.max(0, ...timing.waitedFor.map(chainMs));
    known.set(step, total);
    return total;
  };
  return Math.max(0, ...timings.map(({ step }) => chainMs(step)));
}
