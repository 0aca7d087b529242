/** How a bucket fills and empties. */
export interface TokenBucketOptions {
  /** How many tokens it holds, and has at first. Default: 10, as in the examples of gRFC A6. */
  readonly maxTokens?: number;
  /** How much of a token each success puts back. Default: 0.1, so that retries add 10 % to what succeeds. */
  readonly tokenRatio?: number;
}

/**
 * What keeps repeated attempts from being the load that a server fails under: gRFC A6, "Throttling Retry Attempts and
 * Hedged RPCs". Each failure that might heal takes a token, each success puts `tokenRatio` of one back, and calls are
 * repeated only while more than half of the tokens are there. A server that is down so gets 4 retries from a full bucket,
 * however many calls fail.
 *
 *     open   --failures--> closed: at most half of the tokens left
 *     closed --successes-> open
 */
export class TokenBucket {
  readonly #maxTokens: number;
  readonly #tokenRatio: number;
  #tokens: number;

  constructor({ maxTokens = 10, tokenRatio = 0.1 }: TokenBucketOptions = {}) {
    // The bounds of A6.
    if (!(maxTokens > 0 && maxTokens <= 1_000)) {
      throw new RangeError(`Not a number of tokens above 0, and 1000 at most: ${maxTokens}`);
    }
    if (!(tokenRatio > 0)) throw new RangeError(`Not a ratio above 0: ${tokenRatio}`);
    this.#maxTokens = maxTokens;
    this.#tokenRatio = tokenRatio;
    this.#tokens = maxTokens;
  }

  /** Whether a call may be repeated now. */
  get isOpen(): boolean {
    return this.#tokens > this.#maxTokens / 2;
  }

  succeeded(): void {
    this.#tokens = Math.min(this.#maxTokens, this.#tokens + this.#tokenRatio);
  }

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }
}
