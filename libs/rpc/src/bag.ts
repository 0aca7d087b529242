/**
 * Things in no order, for what comes and goes with every call: adding gives a place, by which it is
 * removed.
 *
 * Not a `Set` or a `Map`. V8 gives these a new table time and again, and has the old one point to it,
 * for iterators that stand on it. Once such a table has lived long enough to be old, all tables that
 * follow are kept by it, and everything that is in them, until the next full collection of garbage:
 * every call would be, with its request and its stream.
 */
export class Bag<T> implements Iterable<T> {
  readonly #things: (T | undefined)[] = [];
  /** Places that are free again. */
  readonly #free: number[] = [];

  get size(): number {
    return this.#things.length - this.#free.length;
  }

  /** Adds a thing, and gives its place. */
  add(thing: T): number {
    const place = this.#free.pop();
    if (place === undefined) return this.#things.push(thing) - 1;
    this.#things[place] = thing;
    return place;
  }

  /** Removes what is in a place. Only once: another thing gets it. */
  remove(place: number): void {
    this.#things[place] = undefined;
    this.#free.push(place);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const thing of this.#things) if (thing !== undefined) yield thing;
  }
}
