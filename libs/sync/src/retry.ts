import { setTimeout as delay } from 'node:timers/promises';
import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import { type CallOptions, RpcError, durationToMs, findDetail } from '@trivium/rpc';
import { type RetryPolicy, unaryRetryPolicy } from './retry-policy.ts';

/** How a call is made again. */
export interface RetryOptions {
  /** Default: `unaryRetryPolicy`. */
  readonly policy?: RetryPolicy;
  /** The time for all attempts and back-offs together, in milliseconds. Default: 10 seconds. */
  readonly timeoutMs?: number;
  /** The time for each attempt, in milliseconds. Default: what is left of `timeoutMs`. */
  readonly attemptTimeoutMs?: number;
  /** Aborting it ends the attempt, or the back-off. */
  readonly signal?: AbortSignal;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Told of each failure that is followed by another attempt. */
  readonly onRetry?: (failure: { error: RpcError; attempt: number; backOffMs: number }) => void;
}

/**
 * Makes a call until it succeeds, fails with a status that does not heal, or the attempts or the time are used up; then
 * the last failure is thrown. Waits before each attempt with exponential back-off and full jitter, longer if the
 * server's `RetryInfo` asks for it. Only for calls that are safe to repeat.
 *
 * Source of the jitter: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export async function retry<T>(
  attempt: (options: Pick<CallOptions, 'timeoutMs' | 'signal'>) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { policy = unaryRetryPolicy, timeoutMs = 10_000, attemptTimeoutMs = Infinity } = options;
  const { signal, random = Math.random, onRetry } = options;
  const deadline = performance.now() + timeoutMs;
  for (let made = 1; ; made++) {
    const remainingMs = Math.max(0, deadline - performance.now());
    try {
      return await attempt({
        timeoutMs: Math.min(attemptTimeoutMs, remainingMs),
        ...(signal && { signal }),
      });
    } catch (caught) {
      const error = RpcError.from(caught);
      const backOffMs = Math.max(
        random() * Math.min(policy.maxBackOffMs, policy.initialBackOffMs * 2 ** (made - 1)),
        askedDelayMs(error),
      );
      const mayRetry =
        policy.codes.has(error.code) && made < policy.maxAttempts && !signal?.aborted;
      // An attempt that could not begin before the deadline is not waited for.
      if (!mayRetry || performance.now() + backOffMs >= deadline) throw error;
      onRetry?.({ error, attempt: made, backOffMs });
      await delay(backOffMs, undefined, { signal }).catch((aborted) => {
        throw RpcError.from(aborted);
      });
    }
  }
}

function askedDelayMs(error: RpcError): number {
  const { retryDelay } = findDetail(error, RetryInfo) ?? {};
  return retryDelay ? durationToMs(retryDelay) : 0;
}
