import { startTimer } from './timer.ts';

/** Where a run has its time from, such as `performance`. */
export interface Clock {
  /** Milliseconds with fractions that never run backwards. */
  now(): number;
  /**
   * Calls back once after a delay in milliseconds, which may be `Infinity`, and returns what cancels
   * it. Default: Node's timers.
   */
  schedule?(delayMs: number, callback: () => void): () => void;
}

/** Calls back once after a delay of the clock's time; returns what cancels it. */
export function schedule(clock: Clock, delayMs: number, callback: () => void): () => void {
  return clock.schedule ? clock.schedule(delayMs, callback) : startTimer(delayMs, callback);
}
