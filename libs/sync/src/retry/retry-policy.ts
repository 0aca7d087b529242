import { Code } from '@trivium/rpc';

/** How often a failed call is made again, and how long it is waited before. */
export interface RetryPolicy {
  /** The most attempts in all, the first one included; `Infinity` leaves it to the deadline. */
  readonly maxAttempts: number;
  /** The ceiling of the first back-off, in milliseconds; it doubles with each attempt. */
  readonly initialBackOffMs: number;
  /** The ceiling that no back-off exceeds, in milliseconds. */
  readonly maxBackOffMs: number;
  /** The statuses after which another attempt can succeed. */
  readonly codes: ReadonlySet<Code>;
}

/**
 * Statuses that can heal by themselves: the server was not there, or could not take the call now. `RESOURCE_EXHAUSTED`
 * is none of them: a quota does not come back for being asked again, unless the server says when it will.
 */
export const healingCodes: ReadonlySet<Code> = new Set([Code.UNAVAILABLE]);

/** The most attempts that a call may have whose caller waits: gRFC A6. */
export const MAX_ATTEMPTS = 5;

/**
 * What a waiting caller can use: up to 5 attempts (the most that gRFC A6 allows), back-offs below 100, 200, 400 and
 * 800 milliseconds, after `UNAVAILABLE` alone.
 */
export const unaryRetryPolicy: RetryPolicy = {
  maxAttempts: MAX_ATTEMPTS,
  initialBackOffMs: 100,
  maxBackOffMs: 2_000,
  codes: healingCodes,
};

/** A policy that is one. Throws a RangeError for attempts that are no count from 1 to `limit`, and for a negative time. */
export function checkedPolicy(policy: RetryPolicy, limit = Infinity): RetryPolicy {
  const { maxAttempts, initialBackOffMs, maxBackOffMs } = policy;
  const isCount = Number.isInteger(maxAttempts) || maxAttempts === Infinity;
  if (!isCount || maxAttempts < 1 || maxAttempts > limit) {
    throw new RangeError(`Not a number of attempts from 1 to ${limit}: ${maxAttempts}`);
  }
  for (const backOffMs of [initialBackOffMs, maxBackOffMs]) {
    if (!(backOffMs >= 0)) throw new RangeError(`Not a back-off in ms: ${backOffMs}`);
  }
  return policy;
}
