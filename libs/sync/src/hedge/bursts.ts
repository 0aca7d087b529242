import { LatencyWindow } from './latency-window.ts';

/** Calls that begin within so many milliseconds of the first are made together. */
const TOGETHER_MS = 2;
/** How many times the half's time is slow, as long as nothing is known. */
const SLOW_RATIO = 2;
/** Never sooner after the half: a hedge takes its time, too. */
const MIN_RATIO = 1.2;
/** After so many delays a burst in which nobody answers is hedged all the same. */
const MAX_DELAYS = 4;

/**
 * Calls of one method that were made together, and what is known of them. They queue behind each
 * other, in this process as in the service, and that makes none of them slow: slow is who takes longer
 * than its siblings, by more than most calls ever do.
 */
export class Burst {
  readonly #beganMs: number;
  readonly #ratios: LatencyWindow;
  #size = 0;
  #answered = 0;
  /** What half of them took. */
  #halfMs: number | undefined;

  constructor(beganMs: number, ratios: LatencyWindow) {
    this.#beganMs = beganMs;
    this.#ratios = ratios;
  }

  /** Whether a call that begins now is made together with these. */
  includes(nowMs: number): boolean {
    return nowMs - this.#beganMs <= TOGETHER_MS;
  }

  join(): void {
    this.#size += 1;
  }

  /** One of the calls has been answered, at the first attempt. */
  answered(nowMs: number): void {
    const elapsedMs = nowMs - this.#beganMs;
    this.#answered += 1;
    if (this.#size > 1) this.#ratios.record(elapsedMs / (this.#halfMs ?? elapsedMs));
    if (this.#halfMs === undefined && this.#answered * 2 >= this.#size) this.#halfMs = elapsedMs;
  }

  /**
   * How much longer one of the calls has to wait before it counts as slow, in milliseconds. `delayMs`
   * is what a call alone would wait; `percentile` of the latest calls were within their ratio to the
   * half of their siblings.
   */
  holdMs(nowMs: number, { delayMs, percentile }: { delayMs: number; percentile: number }): number {
    const elapsedMs = nowMs - this.#beganMs;
    if (this.#size <= 1) return Math.max(0, delayMs - elapsedMs);
    if (this.#halfMs !== undefined) {
      const ratio = this.#ratios.percentile(percentile) ?? SLOW_RATIO;
      return Math.max(0, Math.max(MIN_RATIO, ratio) * this.#halfMs - elapsedMs);
    }
    // Perhaps nobody is ever going to answer: then it is the service, and not the queue.
    return elapsedMs >= MAX_DELAYS * delayMs ? 0 : Math.max(1, delayMs / 8);
  }
}

/** The bursts of one method's calls. */
export class Bursts {
  readonly #ratios = new LatencyWindow();
  #latest: Burst | undefined;

  /** The burst that a call which begins now belongs to. */
  join(nowMs: number): Burst {
    if (!this.#latest?.includes(nowMs)) this.#latest = new Burst(nowMs, this.#ratios);
    this.#latest.join();
    return this.#latest;
  }
}
