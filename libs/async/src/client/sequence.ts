import { Code, errorInfo, RpcError } from '@trivium/rpc';

/**
 * Where in a numbered stream its reader is, over any number of connections. Each connection brings
 * numbers that go up one by one; what a new one repeats is known already and left out.
 */
export class Sequence {
  #last: number;
  #previous: number | undefined;

  /** Begins after this number: 0 is before the first. */
  constructor(after: number) {
    this.#last = after;
  }

  /** The last number that was seen: where to go on. */
  get last(): number {
    return this.#last;
  }

  /** Takes note that a new connection begins, which may repeat what the one before brought. */
  reconnect(): void {
    this.#previous = undefined;
  }

  /**
   * Whether what has this number is new. Throws `DATA_LOSS` when a number is left out (reason
   * `SEQUENCE_GAP`) or comes after a larger one (reason `SEQUENCE_REORDERED`).
   */
  isNew(number: number): boolean {
    const previous = this.#previous ?? Math.min(this.#last, number - 1);
    if (!(number >= previous)) throw broken('SEQUENCE_REORDERED', { number, previous });
    if (number > previous + 1 || number > this.#last + 1) {
      throw broken('SEQUENCE_GAP', { number, previous: this.#last });
    }
    this.#previous = number;
    if (number <= this.#last) return false;
    this.#last = number;
    return true;
  }
}

function broken(reason: string, at: { number: number; previous: number }): RpcError {
  const message = `The server sent event ${at.number} after event ${at.previous}`;
  const metadata = { sequence: String(at.number), previous: String(at.previous) };
  return new RpcError(Code.DATA_LOSS, message, {
    details: [errorInfo({ reason, domain: 'trivium.async', metadata })],
  });
}
