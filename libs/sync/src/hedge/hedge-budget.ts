/** How many hedges may wait to be used: after a quiet hour there is no storm of them. */
const MAX_SAVED = 10;

/**
 * Bounds hedges by count: each call adds its share of one, and each hedge takes a whole one. It begins empty, so that the
 * extra calls never exceed that share of all calls.
 */
export class HedgeBudget {
  #saved = 0;

  /** Adds a call's share, for example 0.05. */
  accrue(share: number): void {
    this.#saved = Math.min(MAX_SAVED, this.#saved + share);
  }

  /** Takes one hedge, if there is one. */
  take(): boolean {
    // Twenty times 0.05 is a little less than one.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }
}
