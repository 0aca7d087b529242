import { type CallOptions, RpcError, currentCall } from '@trivium/rpc';
import { askedDelayMs } from './asked-delay.ts';
import { backOffMs } from './back-off.ts';
import { heals } from './healing.ts';
import { type RetryPolicy, checkedPolicy, unaryRetryPolicy } from './retry-policy.ts';
import { throwIfAborted, wait } from './wait.ts';

/** A failure that is followed by another attempt. */
export interface RetriedFailure {
  readonly error: RpcError;
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** How long the next one is waited for, in milliseconds. */
  readonly backOffMs: number;
}

/** How a call is made again. */
export interface RetryOptions {
  /** Default: `unaryRetryPolicy`. */
  readonly policy?: RetryPolicy;
  /** The time for all attempts and back-offs together, in milliseconds. Default: 10 seconds. */
  readonly timeoutMs?: number;
  /**
   * The time for each attempt, in milliseconds; one that runs out of it may be followed by another. Default: what is
   * left of `timeoutMs`.
   */
  readonly attemptTimeoutMs?: number;
  /** Aborting it ends the attempt, or the back-off. */
  readonly signal?: AbortSignal;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Asked before each further attempt, for bounds beyond the policy's. Default: always. */
  readonly mayRetry?: () => boolean;
  /** Told of each failure that is followed by another attempt. */
  readonly onRetry?: (failure: RetriedFailure) => void;
}

/**
 * Makes a call until it succeeds, fails with a status that does not heal, is forbidden by the server, or the attempts or
 * the time are used up; then the last failure is thrown. Waits before each further attempt, with exponential back-off
 * and full jitter, and as long as the server asks for on top of it. Only for calls that are safe to repeat.
 *
 * Neither an attempt nor a back-off outlives the signal, or the call that is being served meanwhile: then it is
 * `CANCELLED`, or `DEADLINE_EXCEEDED` if the signal says so. Throws a RangeError for a policy that is none.
 */
export async function retry<T>(
  attempt: (options: Pick<CallOptions, 'timeoutMs' | 'signal'>) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, attemptTimeoutMs = Infinity, signal } = options;
  const { random, mayRetry = () => true, onRetry } = options;
  const policy = checkedPolicy(options.policy ?? unaryRetryPolicy);
  const deadline = localDeadline(timeoutMs);
  const signals = [signal, currentCall()?.signal].filter((each) => each !== undefined);

  for (let made = 1; ; made++) {
    const timeLeftMs = Math.max(0, deadline - performance.now());
    const limits = { timeoutMs: Math.min(attemptTimeoutMs, timeLeftMs), ...(signal && { signal }) };
    try {
      return await attempt(limits);
    } catch (caught) {
      const error = RpcError.from(caught);
      const attemptsExpire = attemptTimeoutMs < timeLeftMs;
      const isPossible =
        made < policy.maxAttempts && heals(error, { codes: policy.codes, attemptsExpire });
      // What keeps it from another attempt then is not what this one failed with.
      if (isPossible) throwIfAborted(signals);
      // On top of what the server asks for: calls that it sent away together must not come back together.
      const pauseMs = backOffMs(made, policy, random) + (askedDelayMs(error) ?? 0);
      // An attempt that could not begin before the deadline is not waited for; nor is one that is not wanted.
      if (!isPossible || performance.now() + pauseMs >= deadline || !mayRetry()) throw error;
      onRetry?.({ error, attempt: made, backOffMs: pauseMs });
      await wait(pauseMs, signals);
    }
  }
}

/**
 * When the time is over, in terms of `performance.now()`: after the timeout, and earlier than the call that is being
 * served by the reserve.
 */
export function localDeadline(timeoutMs: number, reserveMs = 0): number {
  const incoming = currentCall();
  const incomingMs = incoming ? incoming.deadline - reserveMs - Date.now() : Infinity;
  return performance.now() + Math.min(timeoutMs, incomingMs);
}
