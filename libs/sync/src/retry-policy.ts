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

/** Statuses that can heal by themselves: the server was not there, or could not take the call now. */
export const healingCodes: ReadonlySet<Code> = new Set([Code.UNAVAILABLE]);

/**
 * What a waiting caller can use: up to 5 attempts (the most that gRFC A6 allows), back-offs below 100, 200, 400 and
 * 800 milliseconds, after `UNAVAILABLE` alone.
 */
export const unaryRetryPolicy: RetryPolicy = {
  maxAttempts: 5,
  initialBackOffMs: 100,
  maxBackOffMs: 2_000,
  codes: healingCodes,
};
