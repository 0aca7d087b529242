import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';

/**
 * Runs the listener when one of the signals aborts. Returns what takes it back from all of them: a
 * signal that lives longer than a call must not hold on to it.
 */
export function onAbort(
  signals: readonly AbortSignal[],
  listener: (signal: AbortSignal) => void,
): () => void {
  const removals = signals.map((signal) => {
    const onSignal = () => listener(signal);
    signal.addEventListener('abort', onSignal);
    return () => signal.removeEventListener('abort', onSignal);
  });
  return () => removals.forEach((remove) => remove());
}

/** What is told that a signal aborted. */
export interface AbortListener {
  onAbort(signal: AbortSignal): void;
}

/** Who listens to a signal: of many calls with one signal, each would have to be found in a list. */
const listenersOf = new WeakMap<AbortSignal, Set<AbortListener>>();

/** Tells the listener when the signal aborts, until `unlisten`. It must not throw. */
export function listen(signal: AbortSignal, listener: AbortListener): void {
  let listeners = listenersOf.get(signal);
  if (!listeners) listenersOf.set(signal, (listeners = new Set()));
  if (listeners.size === 0) signal.addEventListener('abort', tellListeners);
  listeners.add(listener);
}

/** Takes the listener off the signal, which may live longer than it. */
export function unlisten(signal: AbortSignal, listener: AbortListener): void {
  const listeners = listenersOf.get(signal);
  if (!listeners?.delete(listener) || listeners.size > 0) return;
  signal.removeEventListener('abort', tellListeners);
}

function tellListeners({ target }: Event): void {
  const signal = target as AbortSignal;
  for (const listener of [...(listenersOf.get(signal) ?? [])]) listener.onAbort(signal);
}

/**
 * The error of a wait whose signal aborted: `DEADLINE_EXCEEDED` if there was no time left, or if the
 * signal says so, as `AbortSignal.timeout` does; else `CANCELLED`. The signal's reason is its cause.
 */
export function abortError({ reason }: AbortSignal, deadline = Infinity): RpcError {
  const { code, message } = RpcError.from(reason);
  if (code === Code.DEADLINE_EXCEEDED || Date.now() >= deadline) {
    return new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded', { cause: reason });
  }
  return new RpcError(Code.CANCELLED, code === Code.CANCELLED ? message : 'Cancelled', {
    cause: reason,
  });
}
