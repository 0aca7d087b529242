/**
 * What Node.js servers take on one connection: 1,000 resets at once, and 33 a second beyond. With the
 * next one they close it, and fail every other call on it. Less a tenth, for what this side cannot
 * count, and for another clock.
 */
const BURST = 900;
const PER_SECOND = 30;

/** How many calls of a connection can still be cancelled before its server closes it: a token bucket. */
export class ResetBudget {
  #tokens = BURST;
  #refilledAtMs = 0;

  get left(): number {
    // The clock is asked only if something is missing, which for most connections is never.
    if (this.#tokens < BURST) this.#refill();
    return Math.floor(this.#tokens);
  }

  spend(): void {
    if (this.#tokens === BURST) this.#refilledAtMs = performance.now();
    this.#tokens -= 1;
  }

  /** For another connection in the place of this one. */
  renew(): void {
    this.#tokens = BURST;
  }

  #refill(): void {
    const now = performance.now();
    const tokens = this.#tokens + ((now - this.#refilledAtMs) / 1000) * PER_SECOND;
    this.#tokens = Math.min(BURST, tokens);
    this.#refilledAtMs = now;
  }
}
