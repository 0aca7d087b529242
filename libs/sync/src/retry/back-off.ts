import type { RetryPolicy } from './retry-policy.ts';

/**
 * How long to wait after the attempt with this number (1 for the first), in milliseconds: anything from nothing up to
 * a ceiling that doubles. Full jitter: callers that failed together do not come back together.
 *
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backOffMs(
  attempt: number,
  policy: Pick<RetryPolicy, 'initialBackOffMs' | 'maxBackOffMs'>,
  random: () => number = Math.random,
): number {
  return random() * Math.min(policy.maxBackOffMs, policy.initialBackOffMs * 2 ** (attempt - 1));
}
