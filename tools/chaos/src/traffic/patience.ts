import { type CallOptions, Code } from '@trivium/rpc';
import { retry } from '@trivium/sync';

/** What a caller hears when a process is killed or stands still, and not because of what it asked. */
export const faultCodes: ReadonlySet<Code> = new Set([
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.ABORTED,
]);

/** Makes a call that is safe to repeat until it is answered, or refused for a reason of its own. */
export const untilAnswered = <T>(
  attempt: (options: Pick<CallOptions, 'timeoutMs' | 'signal'>) => Promise<T>,
  signal: AbortSignal,
): Promise<T> =>
  retry(attempt, {
    policy: {
      maxAttempts: Infinity,
      initialBackOffMs: 50,
      maxBackOffMs: 500,
      codes: faultCodes,
    },
    timeoutMs: Infinity,
    attemptTimeoutMs: 4_000,
    signal,
  });
