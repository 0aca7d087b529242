import { cursorBeyondEnd, operationNotFound } from '../operation/operation-errors.ts';
import type { OperationEvent } from '../operation/operation-event.ts';
import type { Wakeup } from './wakeups.ts';

/** Some of an operation's events, as they were read. */
export interface ReadEvents {
  readonly events: readonly OperationEvent[];
  /** The sequence of the operation's last event so far. */
  readonly lastSequence: number;
  /** Whether the operation has ended. */
  readonly ended: boolean;
}

/** What a tail is made from. */
export interface EventTailOptions {
  readonly name: string;
  /** Reads the first `limit` events after a sequence; undefined when there is no such operation. */
  readonly read: (after: number, limit: number) => Promise<ReadEvents | undefined>;
  readonly wakeup: Wakeup;
  /** Told when nobody reads any more. */
  readonly onUnused: () => void;
}

/** Somebody who waits for the event after a sequence. */
export interface Waiting {
  readonly after: number;
  /** Has it look into the tail; returns whether it waits no more. */
  wake(): boolean;
  catchUp(page: readonly OperationEvent[]): void;
  finish(): void;
  fail(reason: unknown): void;
}

/** What is kept for all readers together: so many events, and about so many bytes. */
const keptEvents = 256;
const keptBytes = 256 * 1024;
/** How much is read at a time, in about bytes: a reader that is behind keeps no more. */
const pageBytes = 64 * 1024;
const maxPageEvents = 128;
const firstPageEvents = 16;

/**
 * The end of one operation's log, read once for all who follow it. It holds the events that came
 * last; who is behind them gets pages of his own, and who asks for the same page shares it.
 */
export class EventTail {
  readonly #options: EventTailOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #reading = new Map<number, Promise<void>>();
  #readers = 0;
  /** The events kept are those after `#from`, without gaps; undefined before the first read. */
  #from: number | undefined;
  #kept: OperationEvent[] = [];
  #keptSizes: number[] = [];
  #keptBytes = 0;
  #hasEnded = false;
  /** What was committed, as counted by wake-ups, and how much of that has been read. */
  #version = 1;
  #readVersion = 0;
  #pageEvents = firstPageEvents;
  /** Why there is nothing to wait for: the engine is closed. */
  #closed: { readonly reason: unknown } | undefined;

  constructor(options: EventTailOptions) {
    this.#options = options;
    void this.#listen();
  }

  /** Counts one more reader, which calls `close` at its end. */
  open(): this {
    this.#readers += 1;
    return this;
  }

  close(reader: Waiting): void {
    this.#waiting.delete(reader);
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.#options.wakeup.close();
    this.#options.onUnused();
  }

  /** The event with this sequence, if it is kept. */
  at(sequence: number): OperationEvent | undefined {
    return this.#from === undefined ? undefined : this.#kept[sequence - this.#from - 1];
  }

  /** Has a reader woken that found nothing, as soon as there is something for it. */
  wait(reader: Waiting): void {
    if (this.#closed) return reader.fail(this.#closed.reason);
    this.#waiting.add(reader);
    this.#look(reader);
  }

  get #head(): number {
    return (this.#from ?? 0) + this.#kept.length;
  }

  #look(reader: Waiting): void {
    if (reader.wake()) return void this.#waiting.delete(reader);
    const { after } = reader;
    const isAtHead = this.#from !== undefined && after === this.#head;
    if (!isAtHead) return this.#read(after);
    if (this.#hasEnded) {
      this.#waiting.delete(reader);
      reader.finish();
    } else if (this.#readVersion !== this.#version) {
      this.#read(after);
    }
  }

  /** Reads what follows a sequence, once for all who wait for that. */
  #read(after: number): void {
    if (this.#reading.has(after)) return;
    const version = this.#version;
    const limit = this.#pageEvents;
    const reading = this.#options.read(after, limit).then(
      (page) => {
        this.#reading.delete(after);
        if (!page) return this.#failAll(operationNotFound(this.#options.name));
        this.#accept(page, { after, version });
      },
      (error: unknown) => {
        this.#reading.delete(after);
        this.#failAll(error, (reader) => reader.after === after);
      },
    );
    this.#reading.set(after, reading);
  }

  #accept(page: ReadEvents, { after, version }: { after: number; version: number }): void {
    const { events, lastSequence, ended } = page;
    if (after > lastSequence) {
      const error = cursorBeyondEnd(this.#options.name, after, lastSequence);
      return this.#failAll(error, (reader) => reader.after === after);
    }
    const sizes = events.map(sizeOf);
    this.#adaptPage(sizes);
    const isFurther = this.#from === undefined || after > this.#head;
    if (isFurther || after === this.#head) {
      if (isFurther) this.#keepFrom(after);
      this.#keep(events, sizes);
      if (this.#head >= lastSequence) {
        this.#readVersion = version;
        this.#hasEnded = ended;
      }
      for (const reader of [...this.#waiting]) this.#look(reader);
    } else {
      for (const reader of [...this.#waiting]) {
        if (reader.after !== after) continue;
        this.#waiting.delete(reader);
        reader.catchUp(events);
      }
    }
  }

  #keepFrom(after: number): void {
    this.#from = after;
    this.#kept = [];
    this.#keptSizes = [];
    this.#keptBytes = 0;
  }

  #keep(events: readonly OperationEvent[], sizes: readonly number[]): void {
    for (const [index, event] of events.entries()) {
      this.#kept.push(event);
      this.#keptSizes.push(sizes[index]!);
      this.#keptBytes += sizes[index]!;
    }
    // Those who wait look before anything is cut off, and half of the room is freed at a time.
    if (this.#kept.length <= keptEvents && this.#keptBytes <= keptBytes) return;
    for (const reader of [...this.#waiting]) if (reader.wake()) this.#waiting.delete(reader);
    let cut = 0;
    while (cut < this.#kept.length - 1 && !this.#fits(cut)) {
      this.#keptBytes -= this.#keptSizes[cut]!;
      cut += 1;
    }
    this.#kept = this.#kept.slice(cut);
    this.#keptSizes = this.#keptSizes.slice(cut);
    this.#from = (this.#from ?? 0) + cut;
  }

  #fits(cut: number): boolean {
    return this.#kept.length - cut <= keptEvents / 2 && this.#keptBytes <= keptBytes / 2;
  }

  #adaptPage(sizes: readonly number[]): void {
    if (sizes.length === 0) return;
    const averageBytes = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const fitting = Math.floor(pageBytes / averageBytes);
    this.#pageEvents = Math.max(1, Math.min(maxPageEvents, fitting));
  }

  #failAll(reason: unknown, concerns: (reader: Waiting) => boolean = () => true): void {
    for (const reader of [...this.#waiting]) if (concerns(reader)) reader.fail(reason);
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        await this.#options.wakeup.next();
        this.#version += 1;
        for (const reader of [...this.#waiting]) this.#look(reader);
      }
    } catch (reason) {
      this.#closed = { reason };
      this.#failAll(reason);
    }
  }
}

/** About what an event takes in memory, in bytes. */
function sizeOf({ description, payload, error }: OperationEvent): number {
  const details = error?.details.reduce((sum, { value }) => sum + value.length, 0) ?? 0;
  return 200 + description.length + (payload?.value.length ?? 0) + details;
}
