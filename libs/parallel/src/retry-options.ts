/** How what failed is called again. Whether that is safe only the caller knows. */
export interface RetryOptions {
  /** Calls at most, the first one included: a whole number from 1, or `Infinity`. */
  readonly maxAttempts: number;
  /**
   * Whether a failure leaves hope for another call; with `{ delayMs }`, as the one who failed asks,
   * after that delay instead of the back-off.
   */
  readonly isRetryable: (reason: unknown) => boolean | { readonly delayMs: number };
  /** Time for each single call. A call that exceeds it failed with `StepTimedOut`. Default: none. */
  readonly attemptTimeoutMs?: number;
  /** The longest pause before the first repetition; it doubles with each. Default: 100. */
  readonly initialBackOffMs?: number;
  /** The longest pause at all. Default: 2,000. */
  readonly maxBackOffMs?: number;
}

/**
 * The pause before the repetition number `repetition`, from 1: anything up to a bound that doubles
 * (exponential back-off with full jitter), so that callers who failed together do not return
 * together.
 */
export function backOffMs(
  { initialBackOffMs = 100, maxBackOffMs = 2_000 }: RetryOptions,
  repetition: number,
): number {
  return Math.random() * Math.min(maxBackOffMs, initialBackOffMs * 2 ** (repetition - 1));
}
