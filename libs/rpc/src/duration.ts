import type { Duration } from '@trivium/contracts/google/protobuf/duration';

/** The span that a `google.protobuf.Duration` may have, either way: 10,000 years. */
const MAX_DURATION_MS = 315_576_000_000 * 1000;

/**
 * A `google.protobuf.Duration` of so many milliseconds, fractions included. Throws a RangeError for
 * a number that it cannot hold.
 */
export function durationFromMs(ms: number): Duration {
  if (!(Math.abs(ms) <= MAX_DURATION_MS)) throw new RangeError(`Not a duration in ms: ${ms}`);
  // Whole milliseconds apart from their fraction: a product with 1e6 loses digits from 104 days on.
  const wholeMs = BigInt(Math.trunc(ms));
  const nanos = (wholeMs % 1000n) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6));
  return {
    seconds: wholeMs / 1000n + nanos / 1_000_000_000n,
    nanos: Number(nanos % 1_000_000_000n),
  };
}

/** The length of a `google.protobuf.Duration` in milliseconds, with fractions. */
export function durationToMs({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1000 + nanos / 1e6;
}
