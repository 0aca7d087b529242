import { WaitingLine, type Waiting } from './waiting-line.ts';

/** A call that needs a place in every one of some limits before it starts. */
export interface Candidate extends Waiting {
  readonly places: readonly Limit[];
  /** Whether it needs no place any more. */
  readonly isOver: boolean;
  /** Told once, when it has its places; it gives them back with `release`. */
  start(): void;
}

/** Bounds how many calls are in flight at once, and knows who waits for that. */
export class Limit {
  readonly max: number;
  readonly #line = new WaitingLine<Candidate>();
  #inFlight = 0;

  constructor(max: number) {
    this.max = max;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isFull(): boolean {
    return this.#inFlight >= this.max;
  }

  take(): void {
    this.#inFlight++;
  }

  free(): void {
    this.#inFlight--;
  }

  wait(candidate: Candidate): void {
    this.#line.add(candidate);
  }

  /** Lets in whoever waits, as long as there is room. */
  admitWaiting(): void {
    while (this.#line.length > 0 && !this.isFull) admit(this.#line.shift()!);
  }

  /** Removes everyone of one owner who waits. */
  leave(owner: unknown): void {
    this.#line.leave(owner);
  }
}

let tickets = 0;

/** A ticket for a candidate: later ones are higher, in all runs of the process. */
export const nextTicket = (): number => ++tickets;

/**
 * Starts a candidate as soon as there is room for it in all of its limits. It takes a place in all
 * or in none, so that nobody keeps places that it does not use yet; until then it waits for the first
 * limit that is full, and holds up nobody who needs another. Among those who wait for one limit, who
 * came first goes first.
 */
export function admit(candidate: Candidate): void {
  const { places, isOver } = candidate;
  if (isOver) return;
  for (const limit of places) {
    if (limit.isFull) return limit.wait(candidate);
  }
  for (const limit of places) limit.take();
  candidate.start();
}

/** Takes a place in all limits if there is room now; says whether there was. */
export function takeNow(places: readonly Limit[]): boolean {
  for (const limit of places) if (limit.isFull) return false;
  for (const limit of places) limit.take();
  return true;
}

/** Gives places back and lets in whoever waits for them. */
export function release(places: readonly Limit[]): void {
  for (const limit of places) limit.free();
  for (const limit of places) limit.admitWaiting();
}
