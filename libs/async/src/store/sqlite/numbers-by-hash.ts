/** A number, and the hash that it is found by. */
export interface HashedNumber {
  readonly hash: number;
  readonly number: number;
}

const leastPlaces = 512;

/**
 * Numbers from 1 on, found by hashes of up to 48 bits; several may have one hash. A table with open
 * addressing in arrays that hold nothing but numbers, since much comes and goes, and each entry of a
 * `Map` would be three pieces of memory that are old when they go.
 */
export class NumbersByHash {
  #hashes = new Float64Array(leastPlaces);
  /** 0 in a place that is free. */
  #numbers = new Float64Array(leastPlaces);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(hash: number, number: number): void {
    if (this.#size * 2 >= this.#numbers.length) this.#rebuild(this.entries(), this.#size * 4);
    this.#put(hash, number);
  }

  /** What `look` makes of the first number of that hash that it makes something of. */
  find<T>(hash: number, look: (number: number) => T | undefined): T | undefined {
    const last = this.#numbers.length - 1;
    for (let place = hash & last; this.#numbers[place] !== 0; place = (place + 1) & last) {
      if (this.#hashes[place] !== hash) continue;
      const found = look(this.#numbers[place]!);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All of them, in no order. */
  entries(): HashedNumber[] {
    const entries: HashedNumber[] = [];
    for (let place = 0; place < this.#numbers.length; place += 1) {
      const number = this.#numbers[place]!;
      if (number !== 0) entries.push({ hash: this.#hashes[place]!, number });
    }
    return entries;
  }

  /** Leaves those that are to stay. */
  keepOnly(stays: (entry: HashedNumber) => boolean): void {
    this.#rebuild(this.entries().filter(stays), leastPlaces);
  }

  clear(): void {
    if (this.#size > 0) this.#rebuild([], leastPlaces);
  }

  /** At least so many places, and a power of two of them. */
  #rebuild(entries: readonly HashedNumber[], places: number): void {
    const wanted = Math.max(leastPlaces, places, entries.length * 2);
    const length = 2 ** Math.ceil(Math.log2(wanted));
    if (length === this.#numbers.length) this.#numbers.fill(0);
    else [this.#hashes, this.#numbers] = [new Float64Array(length), new Float64Array(length)];
    this.#size = 0;
    for (const { hash, number } of entries) this.#put(hash, number);
  }

  #put(hash: number, number: number): void {
    const last = this.#numbers.length - 1;
    let place = hash & last;
    while (this.#numbers[place] !== 0) place = (place + 1) & last;
    this.#hashes[place] = hash;
    this.#numbers[place] = number;
    this.#size += 1;
  }
}
