import type { Outcome } from './outcome.ts';

/**
 * What became of one step, or of one element of an `each` step (`rates[ups]`).
 * Times are milliseconds, with fractions, from the start of the run.
 */
export interface StepTrace {
  readonly id: string;
  /** When everything that it reads was there; until `startMs` it waited for a place in the limits. */
  readonly readyMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The ids that had to end first: what it reads and, for an `each` step, its elements. */
  readonly waitedFor: readonly string[];
  /** The calls made for it, repetitions and hedges included. */
  readonly attempts: number;
  /** `failed`: it was started and gave no value. `skipped`: it was never started. */
  readonly state: 'succeeded' | 'failed' | 'skipped';
  /** Why there is no value: what the step threw, or what stopped it. */
  readonly reason?: unknown;
}

/** Something that happened to a step, `atMs` milliseconds from the start of the run. */
export type StepEvent =
  | { readonly type: 'started'; readonly id: string; readonly atMs: number }
  | (StepEnd & { readonly type: 'succeeded'; readonly value: unknown })
  | (StepEnd & { readonly type: 'failed' | 'skipped'; readonly reason: unknown })
  | { readonly type: 'undoing' | 'undone'; readonly id: string; readonly atMs: number }
  | {
      readonly type: 'undoFailed';
      readonly id: string;
      readonly atMs: number;
      readonly reason: unknown;
    };

interface StepEnd {
  readonly id: string;
  readonly atMs: number;
  readonly trace: StepTrace;
}

/** The trace of a step while it is written. It is waiting → started → ended, or waiting → ended. */
export class StepRecord implements StepTrace {
  readonly id: string;
  readonly readyMs: number;
  startMs: number = NaN;
  endMs: number = NaN;
  waitedFor: readonly string[];
  attempts = 0;
  state: StepTrace['state'] = 'skipped';
  reason: unknown = undefined;
  #hasStarted = false;
  #outcome: Outcome<unknown> | undefined;

  constructor(id: string, waitedFor: readonly string[], readyMs: number) {
    this.id = id;
    this.waitedFor = waitedFor;
    this.readyMs = readyMs;
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  get hasEnded(): boolean {
    return this.#outcome !== undefined;
  }

  start(atMs: number): void {
    this.startMs = atMs;
    this.#hasStarted = true;
  }

  end(outcome: Outcome<unknown>, atMs: number): void {
    this.endMs = atMs;
    this.#outcome = outcome;
    if (outcome.ok) {
      this.state = 'succeeded';
    } else {
      this.state = this.#hasStarted ? 'failed' : 'skipped';
      this.reason = outcome.reason;
    }
    if (!this.#hasStarted) this.startMs = atMs;
  }

  /** The event of its end. */
  endEvent(): StepEvent {
    const outcome = this.#outcome!;
    const { id, endMs: atMs, state } = this;
    if (outcome.ok) {
      return { type: 'succeeded', id, atMs, trace: this, value: outcome.value };
    }
    const type = state as 'failed' | 'skipped';
    return { type, id, atMs, trace: this, reason: outcome.reason };
  }
}
