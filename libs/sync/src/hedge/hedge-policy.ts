import type { Burst } from './bursts.ts';
import type { LatencyWindow } from './latency-window.ts';

/** When a call that has not ended gets a second attempt beside it. */
export type HedgePolicy = {
  /** The most hedges, as a share of the calls. Default: 0.05, one in twenty. */
  readonly maxExtra?: number;
  /**
   * What becomes of the attempt that was slower. Default: it finishes unheard. A server ends a connection after a burst
   * of resets, and innocent calls with it, which costs more than the response.
   */
  readonly losers?: 'finish' | 'abort';
} & (
  | {
      /** After this many milliseconds. */
      readonly delayMs: number;
    }
  | {
      /** After what this share of the method's latest calls stayed within, once there were 100; 0.95 for example. */
      readonly percentile: number;
    }
);

/** A policy with its defaults filled in. */
export type CheckedHedgePolicy = HedgePolicy & {
  readonly maxExtra: number;
  readonly losers: 'finish' | 'abort';
};

/** A policy that is one. Throws a RangeError for a negative delay, and for shares that are none. */
export function checkedHedge(policy: HedgePolicy): CheckedHedgePolicy {
  const { maxExtra = 0.05, losers = 'finish' } = policy;
  if (!(maxExtra > 0 && maxExtra <= 1)) {
    throw new RangeError(`Not a share above 0, and 1 at most: ${maxExtra}`);
  }
  if ('delayMs' in policy && !(policy.delayMs >= 0)) {
    throw new RangeError(`Not a delay in ms: ${policy.delayMs}`);
  }
  if ('percentile' in policy && !(policy.percentile > 0 && policy.percentile < 1)) {
    throw new RangeError(`Not a percentile between 0 and 1: ${policy.percentile}`);
  }
  return { ...policy, maxExtra, losers };
}

/** When a call is hedged. */
export interface HedgeTime {
  /** When to look at it first, in milliseconds after its beginning. */
  readonly delayMs: number;
  /** How much longer it has to wait, asked then, and again when that is over. */
  readonly holdMs: () => number;
}

/**
 * When a call is hedged; undefined as long as nobody knows. By percentile a call that is made alone is not hedged before
 * twice the median: a hedge takes a median to answer, and a call that would have ended by then gains nothing from it, but
 * spends what a slow one needs. One that is made together with others is measured by them.
 */
export function hedgeTime(
  policy: HedgePolicy,
  { latencies, burst }: { readonly latencies: LatencyWindow; readonly burst: Burst },
): HedgeTime | undefined {
  if ('delayMs' in policy) return { delayMs: policy.delayMs, holdMs: () => 0 };
  const { percentile } = policy;
  const usualMs = latencies.percentile(percentile);
  const medianMs = latencies.percentile(0.5);
  if (usualMs === undefined || medianMs === undefined) return undefined;
  const delayMs = Math.max(usualMs, 2 * medianMs);
  return {
    delayMs: medianMs,
    holdMs: () => burst.holdMs(performance.now(), { delayMs, percentile }),
  };
}
