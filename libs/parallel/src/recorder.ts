import { Observable, type Subscriber } from 'rxjs';
import type { Clock } from './clock.ts';
import type { Outcome } from './outcome.ts';
import { StepRecord, type StepEvent, type StepTrace } from './trace.ts';

/** Writes down what happens to the steps of one run, and tells it to whoever listens. */
export class Recorder {
  readonly #clock: Clock;
  readonly #originMs: number;
  readonly #records: StepRecord[] = [];
  /** What has happened: a record stands there once for its start and once for its end. */
  readonly #log: (StepRecord | StepEvent)[] = [];
  readonly #listeners = new Set<() => void>();
  #isComplete = false;
  /** From the first on for late listeners too: the first steps start before anyone can listen. */
  readonly events = new Observable<StepEvent>((subscriber) => this.#follow(subscriber));

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.now();
  }

  /** Milliseconds from the start of the run. */
  nowMs(): number {
    return this.#clock.now() - this.#originMs;
  }

  /** Begins the record of a step that could start now. */
  ready(id: string, waitedFor: readonly string[]): StepRecord {
    return new StepRecord(id, waitedFor, this.nowMs());
  }

  /** Only the first start of a step counts: it may make several calls. */
  started(record: StepRecord): void {
    if (record.hasStarted || record.hasEnded) return;
    record.start(this.nowMs());
    this.#records.push(record);
    this.#tell(record);
  }

  /**
   * Records the end of a step; one that was never recorded as started counts as skipped. Only the
   * first end counts: a listener may stop the run on hearing of it, and that ends every step again.
   */
  ended(record: StepRecord, outcome: Outcome<unknown>): void {
    if (record.hasEnded) return;
    if (!record.hasStarted) this.#records.push(record);
    record.end(outcome, this.nowMs());
    this.#tell(record);
  }

  undo(type: 'undoing' | 'undone', id: string): void {
    this.#tell({ type, id, atMs: this.nowMs() });
  }

  undoFailed(id: string, reason: unknown): void {
    this.#tell({ type: 'undoFailed', id, atMs: this.nowMs(), reason });
  }

  /** The trace so far, in the order in which the steps started. */
  trace(): readonly StepTrace[] {
    return this.#records;
  }

  /** Ends the events. */
  complete(): void {
    this.#isComplete = true;
    for (const listener of this.#listeners) listener();
  }

  #tell(what: StepRecord | StepEvent): void {
    this.#log.push(what);
    // Events are made for whoever listens: most runs are only waited for.
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener();
  }

  #follow(subscriber: Subscriber<StepEvent>): () => void {
    const started = new Set<StepRecord>();
    let next = 0;
    let isTelling = false;
    const listener = (): void => {
      // What a listener causes on hearing of one event is told after that event.
      if (isTelling) return;
      isTelling = true;
      while (next < this.#log.length && !subscriber.closed) {
        const what = this.#log[next++]!;
        if (!(what instanceof StepRecord)) subscriber.next(what);
        else subscriber.next(started.has(what) ? what.endEvent() : this.#startEvent(what, started));
      }
      isTelling = false;
      if (this.#isComplete) subscriber.complete();
    };
    this.#listeners.add(listener);
    listener();
    return () => this.#listeners.delete(listener);
  }

  #startEvent(record: StepRecord, started: Set<StepRecord>): StepEvent {
    started.add(record);
    return record.hasStarted
      ? { type: 'started', id: record.id, atMs: record.startMs }
      : record.endEvent();
  }
}
