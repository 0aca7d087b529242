import type { OperationEvent } from '../operation/operation-event.ts';
import type { EventTail, Waiting } from './event-tail.ts';

/** The events of an operation, for a loop or pushed; also ended from outside. */
export interface OperationEvents extends AsyncIterableIterator<OperationEvent, void, undefined> {
  /** Has the events pushed, in the place of a loop: of one that many follow it costs much less. */
  pushTo(sink: EventSink): void;
  /** Goes on to push: the sink has room again. */
  resume(): void;
  /** Ends the loop by throwing the reason in it, at once if it waits; or fails the sink. */
  fail(reason: unknown): void;
  /** Ends the loop, or the pushing, and tells nobody. */
  return(): Promise<IteratorResult<OperationEvent, void>>;
}

/** Where events are pushed to. */
export interface EventSink {
  /** Takes an event; returns whether there is room for another one. */
  write(event: OperationEvent): boolean;
  /** There are no further events. */
  end(): void;
  fail(reason: unknown): void;
}

/** What a reader is made from. */
export interface EventReaderOptions {
  /** The last sequence that was seen. */
  readonly after: number;
  readonly signal?: AbortSignal | undefined;
  /** Opens the tail of the operation's log; it may throw, and is closed by the reader. */
  readonly openTail: () => EventTail;
}

const noEvents: readonly OperationEvent[] = [];

interface Pending {
  resolve(step: IteratorResult<OperationEvent, void>): void;
  reject(reason: unknown): void;
}

/**
 * Reads the events of one operation at the pace of whoever asks for them, or has them pushed.
 *
 *     new ── next(), pushTo() ──▶ open ── last event, fail(), return(), an error ──▶ ended
 *
 * It keeps nothing but its place, and a page of the log while it is behind what the tail holds.
 */
export class EventReader implements OperationEvents, Waiting {
  readonly #options: EventReaderOptions;
  #sequence: number;
  #tail: EventTail | undefined;
  #page = noEvents;
  #pageIndex = 0;
  #pending: (Pending & { readonly promise: Promise<unknown> }) | undefined;
  #sink: EventSink | undefined;
  #isPaused = false;
  #failure: { readonly reason: unknown } | undefined;
  #hasEnded = false;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#sequence = options.after;
    options.signal?.addEventListener('abort', this.#abort);
    if (options.signal?.aborted) this.#abort();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<OperationEvent, void>> {
    if (this.#pending) return this.#pending.promise.then(() => this.next());
    const failure = this.#failure;
    if (failure) {
      this.#failure = undefined;
      return Promise.reject(failure.reason);
    }
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    try {
      this.#tail ??= this.#options.openTail();
    } catch (error) {
      this.#end();
      return Promise.reject(error);
    }
    const event = this.#take();
    if (event) return Promise.resolve({ done: false, value: event });
    const pending = Promise.withResolvers<IteratorResult<OperationEvent, void>>();
    this.#pending = pending;
    this.#tail.wait(this);
    return pending.promise;
  }

  return(): Promise<IteratorResult<OperationEvent, void>> {
    this.#end();
    this.#failure = undefined;
    const step = { done: true, value: undefined } as const;
    this.#settle()?.resolve(step);
    return Promise.resolve(step);
  }

  pushTo(sink: EventSink): void {
    this.#sink = sink;
    if (this.#failure) return sink.fail(this.#failure.reason);
    try {
      this.#tail = this.#options.openTail();
    } catch (error) {
      return this.fail(error);
    }
    this.#tail.wait(this);
  }

  resume(): void {
    if (!this.#isPaused || this.#hasEnded) return;
    this.#isPaused = false;
    this.#tail?.wait(this);
  }

  fail(reason: unknown): void {
    if (this.#hasEnded) return;
    this.#end();
    if (this.#sink) return this.#sink.fail(reason);
    const pending = this.#settle();
    if (pending) pending.reject(reason);
    else this.#failure = { reason };
  }

  // What the tail asks and tells.

  get after(): number {
    return this.#sequence;
  }

  /** Takes what has come for it, if anything has. */
  wake(): boolean {
    if (this.#sink) return this.#push(this.#sink);
    const event = this.#take();
    if (!event) return false;
    this.#settle()?.resolve({ done: false, value: event });
    return true;
  }

  /** Gets a page that begins after its place, and is not in the tail. */
  catchUp(page: readonly OperationEvent[]): void {
    this.#page = page;
    this.#pageIndex = 0;
    if (!this.wake()) this.#tail?.wait(this);
  }

  finish(): void {
    void this.return();
    this.#sink?.end();
  }

  /** Pushes what there is; returns whether it waits for nothing more. */
  #push(sink: EventSink): boolean {
    while (!this.#isPaused && !this.#hasEnded) {
      const event = this.#take();
      if (!event) return false;
      try {
        this.#isPaused = !sink.write(event);
      } catch (error) {
        this.fail(error);
      }
      if (event.last) sink.end();
    }
    return true;
  }

  #take(): OperationEvent | undefined {
    let event = this.#tail?.at(this.#sequence + 1);
    if (event) this.#page = noEvents;
    else if (this.#pageIndex < this.#page.length) event = this.#page[this.#pageIndex++];
    if (!event) return undefined;
    this.#sequence = event.sequence;
    if (event.last) this.#end();
    return event;
  }

  #settle(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#page = noEvents;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#tail?.close(this);
  }

  readonly #abort = (): void => this.fail(this.#options.signal?.reason);
}
