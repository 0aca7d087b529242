/** Something that waits for its turn. */
export interface Waiting {
  /** The lower, the earlier it came. */
  readonly ticket: number;
  /** Whose it is: an owner may leave with everything of its own. */
  readonly owner: unknown;
}

/** Who came first goes first; one that has waited elsewhere keeps its turn. */
export class WaitingLine<T extends Waiting> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    const items = this.#items;
    const last = items[items.length - 1];
    if (!last || this.length === 0 || last.ticket <= item.ticket) {
      items.push(item);
      return;
    }
    let place = items.length - 1;
    while (place > this.#head && items[place - 1]!.ticket > item.ticket) place--;
    items.splice(place, 0, item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head++];
    // Moving what is left once the half is gone costs each item one move, whatever the length.
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Removes everything of one owner. */
  leave(owner: unknown): void {
    if (this.length === 0) return;
    this.#items = this.#items.slice(this.#head).filter((item) => item.owner !== owner);
    this.#head = 0;
  }
}
