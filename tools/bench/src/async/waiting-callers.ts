/** Callers that wait, each for a key, until something of that key has happened. */
export class WaitingCallers {
  readonly #waiting = new Map<string, () => void>();
  #lastKey = 0;

  /** A key of its own for one caller, and what resolves when it is released. */
  enter(): { key: string; released: Promise<void> } {
    const key = String(++this.#lastKey);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(key, resolve);
    return { key, released: promise };
  }

  /** Lets the caller of this key go on; nothing happens for a key that nobody waits for. */
  release(key: string): void {
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
  }
}
