import { ReplaySubject, type Observable } from 'rxjs';
import type { Outcome } from './outcome.ts';

/**
 * What became of one step, or of one element of an `each` step (`rates[ups]`).
 * Times are milliseconds, with fractions, from the start of the run.
 */
export interface StepTrace {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The ids that had to end first: what it reads and, for an `each` step, its elements. */
  readonly waitedFor: readonly string[];
  /** `failed`: it was started and gave no value. `skipped`: it was never started. */
  readonly state: 'succeeded' | 'failed' | 'skipped';
  /** Why there is no value: what the step threw, or what stopped it. */
  readonly reason?: unknown;
}

/** Something that happened to a step, `atMs` milliseconds from the start of the run. */
export type StepEvent =
  | { readonly type: 'started'; readonly id: string; readonly atMs: number }
  | (StepEnd & { readonly type: 'succeeded'; readonly value: unknown })
  | (StepEnd & { readonly type: 'failed' | 'skipped'; readonly reason: unknown });

interface StepEnd {
  readonly id: string;
  readonly atMs: number;
  readonly trace: StepTrace;
}

/** A source of milliseconds with fractions that never runs backwards, such as `performance`. */
export interface Clock {
  now(): number;
}

/** Writes down what happens to the steps of one run, and tells it to whoever listens. */
export class TraceRecorder {
  readonly #clock: Clock;
  readonly #originMs: number;
  readonly #startsMs = new Map<string, number>();
  readonly #traces = new Map<string, StepTrace>();
  // Replayed, because the first steps start before anyone can have subscribed.
  readonly #events = new ReplaySubject<StepEvent>();
  readonly events: Observable<StepEvent> = this.#events.asObservable();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.now();
  }

  started(id: string): void {
    const atMs = this.#offsetMs();
    this.#startsMs.set(id, atMs);
    this.#events.next({ type: 'started', id, atMs });
  }

  /**
   * Records the end of a step; one that was never recorded as started counts as skipped. Only the
   * first end counts: a listener may stop the run on hearing of it, and that ends every step again.
   */
  ended(id: string, waitedFor: readonly string[], outcome: Outcome<unknown>): void {
    if (this.#traces.has(id)) return;
    const atMs = this.#offsetMs();
    const skipped = !this.#startsMs.has(id);
    if (skipped) this.#startsMs.set(id, atMs);
    const span = { id, startMs: this.#startsMs.get(id)!, endMs: atMs, waitedFor };
    if (outcome.ok) {
      const trace = { ...span, state: 'succeeded' } as const;
      this.#traces.set(id, trace);
      this.#events.next({ type: 'succeeded', id, atMs, trace, value: outcome.value });
    } else {
      const state = skipped ? 'skipped' : 'failed';
      const { reason } = outcome;
      const trace = { ...span, state, reason } as const;
      this.#traces.set(id, trace);
      this.#events.next({ type: state, id, atMs, trace, reason });
    }
  }

  /** Ends the events and returns the trace in the order in which the steps started. */
  complete(): StepTrace[] {
    this.#events.complete();
    return [...this.#startsMs.keys()].flatMap((id) => this.#traces.get(id) ?? []);
  }

  #offsetMs(): number {
    return this.#clock.now() - this.#originMs;
  }
}
