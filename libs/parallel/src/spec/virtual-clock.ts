import type { Clock } from '../clock.ts';

/** A clock whose time passes only when a spec lets it. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  #lastTimer = 0;

  now(): number {
    return this.#nowMs;
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    if (delayMs === Infinity) return () => {};
    const timer = ++this.#lastTimer;
    this.#timers.set(timer, { atMs: this.#nowMs + Math.max(0, delayMs), callback });
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and everything happen that it brings about, up to a moment. */
  async advanceTo(untilMs: number): Promise<void> {
    for (;;) {
      await settled();
      const next = this.#next();
      if (!next || next.atMs > untilMs) break;
      this.#timers.delete(next.timer);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #next(): { timer: number; atMs: number; callback: () => void } | undefined {
    let first: { timer: number; atMs: number; callback: () => void } | undefined;
    for (const [timer, { atMs, callback }] of this.#timers) {
      if (!first || atMs < first.atMs) first = { timer, atMs, callback };
    }
    return first;
  }
}

/** Everything has happened that needs no time. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
