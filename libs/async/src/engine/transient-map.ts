/** How many additions a table lasts for at least. */
const leastAdditions = 1024;

/**
 * A map for what comes and goes with every operation. Its table is given up for a new one before V8 does
 * so: V8 would have the old one lead to the new one, and keep everything that is in it, as `Bag` of
 * `@trivium/rpc` tells. An iterator sees nothing of what is added after it was made.
 */
export class TransientMap<K, V> {
  #table = new Map<K, V>();
  #additionsLeft = leastAdditions;

  get size(): number {
    return this.#table.size;
  }

  get(key: K): V | undefined {
    return this.#table.get(key);
  }

  set(key: K, value: V): void {
    if (this.#additionsLeft === 0) {
      this.#table = new Map(this.#table);
      this.#additionsLeft = Math.max(leastAdditions, this.#table.size);
    }
    this.#additionsLeft -= 1;
    this.#table.set(key, value);
  }

  delete(key: K): void {
    this.#table.delete(key);
  }

  keys(): IterableIterator<K> {
    return this.#table.keys();
  }

  values(): IterableIterator<V> {
    return this.#table.values();
  }
}
