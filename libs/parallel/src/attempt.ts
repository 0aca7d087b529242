import type { Outcome } from './outcome.ts';
import { startTimer } from './timer.ts';

/** One call of a step's function. */
export interface AttemptOptions {
  readonly call: (signal: AbortSignal) => unknown;
  /** Aborting it ends the attempt at once, with the reason, whatever the function does. */
  readonly controller: AbortController;
  readonly timeoutMs?: number;
  /** What the attempt is aborted with after `timeoutMs`. */
  readonly timeoutReason: () => unknown;
}

/**
 * Calls a function and resolves, always: with its value, with what it threw or rejected with, or
 * with the reason of the abort. A function that ignores its signal runs on unheard: what it gives
 * later, a rejection included, goes nowhere.
 */
export function attempt(options: AttemptOptions): Promise<Outcome<unknown>> {
  const { call, controller, timeoutMs = Infinity, timeoutReason } = options;
  const { signal } = controller;
  return new Promise((resolve) => {
    const cancelTimer = startTimer(timeoutMs, () => controller.abort(timeoutReason()));
    const end = (outcome: Outcome<unknown>): void => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const onAbort = (): void => end({ ok: false, reason: signal.reason });
    signal.addEventListener('abort', onAbort);
    // Inside a promise's executor, so that a synchronous throw is a rejection like any other.
    new Promise((settle) => settle(call(signal))).then(
      (value) => end({ ok: true, value }),
      (reason: unknown) => end({ ok: false, reason }),
    );
  });
}
