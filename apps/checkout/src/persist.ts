import { Code, RpcError } from '@trivium/rpc';
import { type RetryPolicy, retry } from '@trivium/sync';

/** How patiently an order's calls are made. */
export interface Patience {
  /** How long one call is tried while its service is away, in milliseconds; `Infinity` for ever. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The time for each attempt, in milliseconds. */
  readonly attemptTimeoutMs?: number;
}

/**
 * Statuses that leave open whether the call had its effect, or that say that it could not be taken now. An order calls
 * methods that are idempotent by key, and so goes on asking until it knows.
 */
const openCodes: ReadonlySet<Code> = new Set([
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.ABORTED,
  Code.INTERNAL,
  Code.UNKNOWN,
]);

const policy: RetryPolicy = {
  maxAttempts: Infinity,
  initialBackOffMs: 100,
  maxBackOffMs: 2_000,
  codes: openCodes,
};

/** Makes a call until its outcome is known, or patience runs out; then the last failure is thrown. */
export const persist = <T>(
  attempt: Parameters<typeof retry<T>>[0],
  { attemptTimeoutMs = 5_000, ...patience }: Patience,
): Promise<T> => retry(attempt, { policy, attemptTimeoutMs, ...patience });

/** Whether a step that failed with this error may have had its effect all the same. */
export function mayHaveHappened(error: unknown): boolean {
  const { code } = RpcError.from(error);
  return openCodes.has(code) || code === Code.CANCELLED;
}
