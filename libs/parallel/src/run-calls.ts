import type { Clock } from './clock.ts';
import { type Node, addReads } from './graph.ts';
import { type Limit, admit } from './limit.ts';
import type { Limits } from './limits.ts';
import { ManagedCall } from './managed-call.ts';
import type { Outcome } from './outcome.ts';
import type { Perform } from './perform.ts';
import type { Recorder } from './recorder.ts';
import type { Task, TaskOwner } from './task.ts';

/** What the calls of one run need to know. */
export interface RunCallsOptions {
  readonly owner: TaskOwner;
  readonly nodes: readonly Node[];
  readonly input: unknown;
  readonly deadlineMs: number;
  readonly runLimit: Limit;
  readonly limits: Limits;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly perform: Perform | undefined;
}

const bounded = ({ max }: Limit): boolean => max !== Infinity;

/** Makes the calls of one run, and stops them. */
export class RunCalls {
  readonly #options: RunCallsOptions;
  readonly #controller = new AbortController();
  readonly #managed = new Set<ManagedCall>();
  readonly #places = new Map<string | undefined, readonly Limit[]>();

  constructor(options: RunCallsOptions) {
    this.#options = options;
  }

  /** Aborts when the run stops. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The limits that a call to a target has to keep, the narrowest first. */
  placesOf(target: string | undefined): readonly Limit[] {
    const known = this.#places.get(target);
    if (known) return known;
    const { limits, runLimit } = this.#options;
    const places = [...limits.placesOf(target), runLimit].filter(bounded);
    this.#places.set(target, places);
    return places;
  }

  /** The same without the run's own. */
  sharedPlacesOf(target: string | undefined): readonly Limit[] {
    return this.#options.limits.placesOf(target).filter(bounded);
  }

  /** Makes a task's call as soon as there is room for it. */
  begin(task: Task): void {
    if (this.#isPlain(task)) admit(task);
    else this.#manage(task);
  }

  /** Calls the function of the task's step. */
  invoke(task: Task, signal: AbortSignal): unknown {
    const { element } = task;
    const { planned, step } = task.node;
    const { input, nodes } = this.#options;
    const budgetMs = this.#budgetMs(task);
    const context = addReads({ __proto__: null, input, signal, budgetMs }, planned, nodes);
    return step.kind === 'each' ? step.call(element!.item, context) : step.call(context);
  }

  /** Aborts every call, and forgets whoever waits. */
  stop(reason: unknown): void {
    for (const places of this.#places.values()) {
      for (const limit of places) limit.leave(this.#options.owner);
    }
    this.#controller.abort(reason);
    for (const managed of [...this.#managed]) managed.stop(reason);
  }

  /** Whether one call is all that it takes, under the signal of the run. */
  #isPlain(task: Task): boolean {
    const { step } = task.node;
    const stopsAlone = step.kind === 'each' && step.optionalItems === false;
    const options = step.timeoutMs ?? step.retry ?? step.hedge ?? step.undo ?? step.undoUnknown;
    if (options !== undefined || stopsAlone || this.#options.perform) return false;
    return !this.#isCutShort(task);
  }

  /** Whether it ends early so that what comes after it has its time: only what may fail alone. */
  #isCutShort({ node, element }: Task): boolean {
    return (
      node.planned.tailMs > 0 &&
      this.#options.deadlineMs < Infinity &&
      (element !== undefined || node.step.optional === true)
    );
  }

  #budgetMs({ node }: Task): number {
    const { deadlineMs, recorder } = this.#options;
    if (deadlineMs === Infinity) return Infinity;
    return Math.max(0, deadlineMs - recorder.nowMs() - node.planned.tailMs);
  }

  #manage(task: Task): void {
    const { owner, clock, recorder } = this.#options;
    const { timeoutMs = Infinity } = task.node.step;
    const call = new ManagedCall({
      ...{ task, clock, options: task.node.step },
      timeoutMs: this.#isCutShort(task) ? Math.min(timeoutMs, this.#budgetMs(task)) : timeoutMs,
      onCall: () => {
        recorder.started(task.record);
        task.record.attempts++;
      },
      onIdle: () => this.#managed.delete(call),
    });
    task.managed = call;
    this.#managed.add(call);
    const { signal } = call;
    signal.addEventListener('abort', () => owner.ended(task, { ok: false, reason: signal.reason }));
    task.truth = this.#perform(task, call);
    task.truth.then(
      (value) => this.#end(task, { ok: true, value }),
      (reason: unknown) => this.#end(task, { ok: false, reason }),
    );
  }

  /** Whoever performs a call may give its outcome without calling: then it started when it ended. */
  #end(task: Task, outcome: Outcome<unknown>): void {
    const { owner, recorder, perform } = this.#options;
    if (perform && !task.isOver) recorder.started(task.record);
    owner.ended(task, outcome);
    task.managed!.releasePlaces();
  }

  async #perform({ record: { id } }: Task, call: ManagedCall): Promise<unknown> {
    const { perform } = this.#options;
    if (!perform) return call.run();
    // What a performer does with an outcome, such as writing it down, needs no place of a call.
    const make = (other?: AbortSignal): Promise<unknown> =>
      call.run(other).finally(() => call.releasePlaces());
    try {
      return await perform({ id, kind: 'call', signal: call.signal, call: make });
    } finally {
      // A call that was not made at all is never told to be idle.
      if (call.isIdle) this.#managed.delete(call);
    }
  }
}
