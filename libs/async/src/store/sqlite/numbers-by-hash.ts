/** A number, and the hash that it is found by. */
export interface HashedNumber {
  readonly hash: number;
  readonly number: number;
}

/** At first; a table that has grown stays as large as it is. */
const leastPlaces = 64;

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
    if (this.#size * 2 >= this.#numbers.length) {
      this.#rebuild(this.entries(), this.#numbers.length * 2);
    }
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
    this.#rebuild(this.entries().filter(stays));
  }

  clear(): void {
    if (this.#size > 0) this.#rebuild([]);
  }

  #rebuild(entries: readonly HashedNumber[], places = this.#numbers.length): void {
    if (places === this.#numbers.length) this.#numbers.fill(0);
    else [this.#hashes, this.#numbers] = [new Float64Array(places), new Float64Array(places)];
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
