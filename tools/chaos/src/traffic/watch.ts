import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckoutDefinition, OrderEvent } from '@trivium/contracts/shop/checkout/v1/checkout';
import { type Client, RpcError, codeName } from '@trivium/rpc';
import { Subject, takeUntil } from 'rxjs';
import { endingOf, kindName } from './order-ends.ts';
import { faultCodes } from './patience.ts';

/** What a watcher saw of one order, through all disconnects. */
export interface Watch {
  /** In the order in which they came. */
  readonly events: readonly OrderEvent[];
  /** How often it had to connect, or did again of its own will. */
  readonly connections: number;
  /** What it must not have seen. */
  readonly violations: readonly string[];
}

/** How to watch. */
export interface WatchOptions {
  readonly checkout: Client<typeof CheckoutDefinition>;
  readonly orderId: string;
  readonly signal: AbortSignal;
  /** Leaves after so many events each time, and comes back with its cursor. Default: stays. */
  readonly leaveAfter?: number;
  readonly onEvent?: (event: OrderEvent) => void;
}

const backOffMs = 100;

/**
 * Watches an order until its last event, and resumes after each disconnect from the last sequence that it has seen. It
 * judges what it is sent by itself and trusts nothing: an event that does not follow is a violation. Resolves also when
 * the signal aborts, with what it saw by then.
 */
export async function watchToEnd(options: WatchOptions): Promise<Watch> {
  const watcher = new Watcher(options);
  while (!watcher.hasEnded && !options.signal.aborted) {
    const error = await watcher.connect();
    if (watcher.hasEnded) break;
    if (error && !faultCodes.has(error.code)) {
      if (!options.signal.aborted)
        watcher.violate(`refused with ${codeName(error.code)}: ${error.message}`);
      break;
    }
    if (error) await sleep(backOffMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
  return watcher;
}

class Watcher implements Watch {
  readonly events: OrderEvent[] = [];
  readonly violations: string[] = [];
  connections = 0;
  hasEnded = false;
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  violate(what: string): void {
    this.violations.push(`${this.#options.orderId}: ${what}`);
  }

  /** One stream: resolves with the error that ended it, or with nothing. */
  connect(): Promise<RpcError | undefined> {
    const { checkout, orderId, signal, leaveAfter = Infinity } = this.#options;
    const afterSequence = this.events.at(-1)?.sequence ?? 0n;
    let seen = 0;
    this.connections += 1;
    return new Promise((resolve) => {
      const leaving = new Subject<void>();
      let hasLeft = false;
      const events = checkout.watchOrder({ orderId, afterSequence }, { signal });
      // At once: the events behind that one may have come together with it.
      events.pipe(takeUntil(leaving)).subscribe({
        next: ({ event }) => {
          this.#see(event);
          seen += 1;
          // Not before the order's end has had its chance to be followed by something.
          if (seen < leaveAfter || this.hasEnded) return;
          hasLeft = true;
          leaving.next();
        },
        error: (error: unknown) => resolve(RpcError.from(error)),
        complete: () => {
          if (!hasLeft && !this.hasEnded) {
            this.violate('its stream ended well before its last event');
            this.hasEnded = true;
          }
          resolve(undefined);
        },
      });
    });
  }

  #see(event: OrderEvent | undefined): void {
    if (!event) return this.violate('a message without an event');
    const expected = BigInt(this.events.length + 1);
    const what = `event ${event.sequence} (${kindName(event)})`;
    if (this.hasEnded) this.violate(`${what} after the last one`);
    if (event.sequence !== expected) this.violate(`${what} where ${expected} was due`);
    this.events.push(event);
    if (endingOf(event)) this.hasEnded = true;
    this.#options.onEvent?.(event);
  }
}
