import { Code, RpcError } from '@trivium/rpc';

/** Throws `CANCELLED` (or `DEADLINE_EXCEEDED`, if it says so) if one of the signals has aborted. */
export function throwIfAborted(signals: readonly AbortSignal[]): void {
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted) throw abortError(aborted);
}

/** Waits. Rejects as `throwIfAborted` throws, as soon as one of the signals aborts. */
export async function wait(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  throwIfAborted(signals);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const removals = signals.map((signal) => {
    const onAbort = () => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    for (const remove of removals) remove();
  }
}

function abortError({ reason }: AbortSignal): RpcError {
  if (RpcError.from(reason).code === Code.DEADLINE_EXCEEDED) {
    return new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded', { cause: reason });
  }
  return new RpcError(Code.CANCELLED, 'Cancelled', { cause: reason });
}
