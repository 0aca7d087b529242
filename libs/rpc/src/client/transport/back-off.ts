const INITIAL_MS = 100;
const MAX_MS = 2_000;
const FACTOR = 1.6;
const JITTER = 0.2;

/**
 * How long after each attempt to connect that failed the next one may begin: 100 ms, growing to 2 s,
 * each ±20 % (doc/connection-backoff.md of the gRPC project, with shorter times).
 */
export class BackOff {
  #nextMs = INITIAL_MS;

  /** How long after the beginning of the attempt that failed, in milliseconds. */
  next(): number {
    const delayMs = this.#nextMs * (1 + JITTER * (2 * Math.random() - 1));
    this.#nextMs = Math.min(MAX_MS, this.#nextMs * FACTOR);
    return delayMs;
  }

  reset(): void {
    this.#nextMs = INITIAL_MS;
  }
}
