/** How many latencies are remembered: enough for a 99th percentile, and forgotten soon enough to follow changes. */
const WINDOW = 512;
/** Below this there is no percentile: the 95th of 100 has five samples above it. */
const MIN_SAMPLES = 100;
/** How many new samples make it worth sorting again. */
const REFRESH_EVERY = 32;

/** The latest latencies of one method, for their percentiles. */
export class LatencyWindow {
  readonly #latest = new Float64Array(WINDOW);
  #sorted = new Float64Array(0);
  #count = 0;
  #sortedAt = 0;

  record(latencyMs: number): void {
    this.#latest[this.#count % WINDOW] = latencyMs;
    this.#count += 1;
  }

  /** The latency, in milliseconds, that the share `p` of the calls stays within; undefined before there were 100 calls. */
  percentile(p: number): number | undefined {
    if (this.#count < MIN_SAMPLES) return undefined;
    if (this.#sortedAt === 0 || this.#count - this.#sortedAt >= REFRESH_EVERY) {
      this.#sorted = this.#latest.slice(0, Math.min(this.#count, WINDOW)).sort();
      this.#sortedAt = this.#count;
    }
    return this.#sorted[Math.ceil(p * this.#sorted.length) - 1];
  }
}
