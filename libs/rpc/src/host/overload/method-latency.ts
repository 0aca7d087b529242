/** How much a new round trip weighs in a running mean. */
const WEIGHT = 0.1;

/** A window has to have so many calls of a method before its mean may become the method's baseline. */
const MIN_SAMPLES = 10;

/** How long the calls of one method take: without company, and of late. */
export class MethodLatency {
  /** What a call takes on a host that has nothing else to do, in milliseconds. */
  baselineMs: number;
  /** The running mean of all calls, in milliseconds. */
  typicalMs: number;
  #aloneMs: number;
  #sumMs = 0;
  #count = 0;

  constructor(firstMs: number) {
    this.baselineMs = this.typicalMs = this.#aloneMs = firstMs;
  }

  /** Learns from a call; `isAlone` if it had no company. */
  observe(ms: number, isAlone: boolean): void {
    this.typicalMs += WEIGHT * (ms - this.typicalMs);
    this.#sumMs += ms;
    this.#count += 1;
    if (!isAlone) return;
    this.#aloneMs += WEIGHT * (ms - this.#aloneMs);
    // Calls that run alone are the only evidence that a method has become slower by itself.
    if (this.#aloneMs > this.baselineMs)
      this.baselineMs += WEIGHT * (this.#aloneMs - this.baselineMs);
  }

  /** Ends a window: its mean is the baseline if it is lower, or if it is `trusted`. */
  endWindow({ trusted }: { readonly trusted: boolean }): void {
    if (this.#count >= MIN_SAMPLES || (trusted && this.#count > 0)) {
      const meanMs = this.#sumMs / this.#count;
      if (trusted || meanMs < this.baselineMs) this.baselineMs = meanMs;
    }
    this.#sumMs = this.#count = 0;
  }
}
