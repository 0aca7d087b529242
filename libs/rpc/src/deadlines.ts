import { Bag } from './bag.ts';

/** What ends when its time is over. */
export interface Expiring {
  /** In epoch milliseconds. */
  readonly deadline: number;
  /** Kept for `Deadlines`: the timer that it has, or those that it waits with, and its place there. */
  expiry: NodeJS.Timeout | Bag<Expiring> | undefined;
  expiryPlace: number;
  onDeadline(): void;
}

/** How long together those wait whose deadlines are far away. */
const SPAN_MS = 512;

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Tells what its time is over, to the millisecond, without a timer for each: nearly all calls end
 * long before their deadline, so those whose deadlines are near each other wait together, and the few
 * that are left when these are near get timers of their own. None holds a process.
 */
export class Deadlines {
  readonly #spans = new Map<number, Bag<Expiring>>();

  /** Tells it after so many milliseconds, unless `remove` comes first. Beyond 24 days it is not told. */
  add(expiring: Expiring, remainingMs: number): void {
    if (remainingMs > MAX_TIMER_MS) return;
    if (remainingMs < 2 * SPAN_MS) return startTimer(expiring, remainingMs);
    const span = Math.floor(expiring.deadline / SPAN_MS);
    let together = this.#spans.get(span);
    if (!together) {
      together = new Bag();
      this.#spans.set(span, together);
      const beginsInMs = remainingMs - (expiring.deadline - span * SPAN_MS);
      setTimeout(() => this.#begin(span), beginsInMs).unref();
    }
    expiring.expiry = together;
    expiring.expiryPlace = together.add(expiring);
  }

  remove(expiring: Expiring): void {
    const { expiry } = expiring;
    if (expiry === undefined) return;
    expiring.expiry = undefined;
    if (expiry instanceof Bag) expiry.remove(expiring.expiryPlace);
    else clearTimeout(expiry);
  }

  #begin(span: number): void {
    const together = this.#spans.get(span);
    this.#spans.delete(span);
    for (const expiring of together ?? []) {
      const remainingMs = expiring.deadline - Math.max(span * SPAN_MS, Date.now());
      startTimer(expiring, Math.max(0, remainingMs));
    }
  }
}

function startTimer(expiring: Expiring, remainingMs: number): void {
  expiring.expiry = setTimeout(expire, remainingMs, expiring).unref();
}

function expire(expiring: Expiring): void {
  expiring.expiry = undefined;
  expiring.onDeadline();
}
