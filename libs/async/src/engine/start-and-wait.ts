import type { OperationRecord } from '../operation/operation-record.ts';
import type { Operations, StartOptions } from './operations.ts';

/**
 * Sync that becomes async: accepts an operation, starts it, and waits up to `waitMs` milliseconds.
 * Gives the operation with its result if that comes in time, and else as it is then, with the same
 * attempt going on in it. When the signal aborts, so does the wait, and nothing else.
 */
export async function startAndWait<Kind extends string>(
  operations: Pick<Operations<Kind>, 'start' | 'wait'>,
  options: StartOptions<Kind>,
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal },
): Promise<OperationRecord> {
  const endsAt = performance.now() + waitMs;
  const started = await operations.start(options);
  if (started.result) return started;
  const timeoutMs = Math.max(0, endsAt - performance.now());
  return operations.wait(started.name, { timeoutMs, ...(signal && { signal }) });
}
