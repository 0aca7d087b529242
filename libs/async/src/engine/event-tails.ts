import { operationId } from '../operation/operation-record.ts';
import { EventReader, type OperationEvents } from './event-reader.ts';
import { EventTail, type ReadEvents } from './event-tail.ts';
import type { Wakeups } from './wakeups.ts';

/** What tails are made from. */
export interface EventTailsOptions {
  /** Reads the first `limit` events after a sequence; undefined when there is no such operation. */
  readonly read: (
    id: string,
    options: { readonly after: number; readonly limit: number },
  ) => Promise<ReadEvents | undefined>;
  readonly wakeups: Wakeups;
}

/** The tails of the operations that somebody follows. */
export class EventTails {
  readonly #options: EventTailsOptions;
  readonly #tails = new Map<string, EventTail>();

  constructor(options: EventTailsOptions) {
    this.#options = options;
  }

  /** The events of an operation after a sequence, each as it is asked for; see `Operations.events`. */
  follow(
    name: string,
    { after = 0, signal }: { readonly after?: number; readonly signal?: AbortSignal },
  ): OperationEvents {
    return new EventReader({ after, signal, openTail: () => this.#open(name) });
  }

  #open(name: string): EventTail {
    const id = operationId(name);
    const known = this.#tails.get(id);
    if (known) return known.open();
    const { read, wakeups } = this.#options;
    const tail = new EventTail({
      name,
      read: (after, limit) => read(id, { after, limit }),
      // Before the first read: what is committed meanwhile is not missed.
      wakeup: wakeups.listen(id),
      onUnused: () => this.#tails.delete(id),
    });
    this.#tails.set(id, tail);
    return tail.open();
  }
}
