import { Code, RpcError } from '@trivium/rpc';

/** How long calls that must not be made twice may go on once the process is asked to end, in milliseconds. */
export const GRACE_MS = 3_000;

/**
 * The signal of a plan whose calls must not be broken off at once when the process is asked to end: their outcome would
 * be unknown. A cancellation and a deadline pass at once, anything else after `GRACE_MS`.
 */
export function gracefulSignal(signal: AbortSignal): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    const { code } = RpcError.from(signal.reason);
    const isAsked = code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED;
    if (isAsked) controller.abort(signal.reason);
    else timer = setTimeout(() => controller.abort(signal.reason), GRACE_MS);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  const clear = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return { signal: controller.signal, clear };
}
