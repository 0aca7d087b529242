import type { LatencyWindow } from './latency-window.ts';

/** When a call that has not ended gets a second attempt beside it. */
export type HedgePolicy = {
  /** The most hedges, as a share of the calls. Default: 0.05, one in twenty. */
  readonly maxExtra?: number;
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

/** A policy with its default filled in. */
export type CheckedHedgePolicy = HedgePolicy & { readonly maxExtra: number };

/** A policy that is one. Throws a RangeError for a negative delay, and for shares that are none. */
export function checkedHedge(policy: HedgePolicy): CheckedHedgePolicy {
  const { maxExtra = 0.05 } = policy;
  if (!(maxExtra > 0 && maxExtra <= 1)) {
    throw new RangeError(`Not a share above 0, and 1 at most: ${maxExtra}`);
  }
  if ('delayMs' in policy && !(policy.delayMs >= 0)) {
    throw new RangeError(`Not a delay in ms: ${policy.delayMs}`);
  }
  if ('percentile' in policy && !(policy.percentile > 0 && policy.percentile < 1)) {
    throw new RangeError(`Not a percentile between 0 and 1: ${policy.percentile}`);
  }
  return { ...policy, maxExtra };
}

/**
 * When a call is hedged, in milliseconds after its beginning; undefined as long as nobody knows. By percentile it is not
 * before twice the median: a hedge takes a median to answer, and a call that would have ended by then gains nothing from
 * it, but spends what a slow one needs.
 */
export function hedgeDelayMs(policy: HedgePolicy, latencies: LatencyWindow): number | undefined {
  if ('delayMs' in policy) return policy.delayMs;
  const delayMs = latencies.percentile(policy.percentile);
  const medianMs = latencies.percentile(0.5);
  return delayMs === undefined || medianMs === undefined
    ? undefined
    : Math.max(delayMs, 2 * medianMs);
}
