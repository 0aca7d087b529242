import type { ElementGroup } from './elements.ts';
import type { Node } from './graph.ts';
import { type Candidate, type Limit, nextTicket, release } from './limit.ts';
import type { ManagedCall } from './managed-call.ts';
import type { Outcome } from './outcome.ts';
import type { StepRecord } from './trace.ts';

/** What a task needs of the run that it belongs to. */
export interface TaskOwner {
  /** Records the start. */
  started(record: StepRecord): void;
  /** Calls the function of the task's step. */
  invoke(task: Task, signal: AbortSignal): unknown;
  readonly signal: AbortSignal;
  /** Told of the end of a task whose function has returned no promise: heard at the next turn. */
  endedAtOnce(task: Task, outcome: Outcome<unknown>): void;
  /** Told of the task's end. */
  ended(task: Task, outcome: Outcome<unknown>): void;
}

/** One element of an `each` step. */
export interface Element {
  readonly group: ElementGroup;
  readonly item: unknown;
  readonly key: string;
  /** Its place in the list. */
  readonly index: number;
}

/**
 * One call to be made: a step's, or that of one element. A task is waiting (for places) → running →
 * over. It is over for the run once it has an outcome; its places it keeps until its function has
 * truly ended.
 */
export class Task implements Candidate {
  readonly owner: TaskOwner;
  readonly node: Node;
  readonly record: StepRecord;
  readonly places: readonly Limit[];
  readonly target: string | undefined;
  readonly element: Element | undefined;
  readonly ticket = nextTicket();
  isOver = false;
  outcome: Outcome<unknown> | undefined = undefined;
  /** What makes its calls, if they take more than one plain call. */
  managed: ManagedCall | undefined = undefined;
  /** How its work truly ends, whatever it has been ended with before; of managed tasks. */
  truth: Promise<unknown> | undefined = undefined;

  constructor(options: {
    readonly owner: TaskOwner;
    readonly node: Node;
    readonly record: StepRecord;
    readonly places: readonly Limit[];
    readonly target: string | undefined;
    readonly element?: Element | undefined;
  }) {
    this.owner = options.owner;
    this.node = options.node;
    this.record = options.record;
    this.places = options.places;
    this.target = options.target;
    this.element = options.element;
  }

  /** Makes the one plain call, now that there are places for it. */
  start(): void {
    const { owner, record } = this;
    owner.started(record);
    // A listener may have stopped the run on hearing of the start.
    if (this.isOver) return release(this.places);
    record.attempts = 1;
    let returned: unknown;
    try {
      returned = owner.invoke(this, owner.signal);
    } catch (reason) {
      return owner.endedAtOnce(this, { ok: false, reason });
    }
    const promise = promiseOf(returned);
    if (!promise) return owner.endedAtOnce(this, { ok: true, value: returned });
    promise.then(
      (value) => owner.ended(this, { ok: true, value }),
      (reason: unknown) => owner.ended(this, { ok: false, reason }),
    );
  }
}

/** A promise of what a function returned, if it returned something to wait for. */
export function promiseOf(returned: unknown): Promise<unknown> | undefined {
  if (returned instanceof Promise) return returned;
  const isThenable =
    returned !== null &&
    (typeof returned === 'object' || typeof returned === 'function') &&
    typeof (returned as { then?: unknown }).then === 'function';
  return isThenable ? Promise.resolve(returned) : undefined;
}
