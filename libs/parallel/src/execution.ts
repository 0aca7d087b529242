import type { Clock } from './clock.ts';
import { ElementGroup, itemsOf } from './elements.ts';
import { Node, addReads, graphOf } from './graph.ts';
import { type Limit, release } from './limit.ts';
import type { Limits } from './limits.ts';
import { DependencyFailed, SiblingFailed, Skipped, type Outcome } from './outcome.ts';
import type { Perform } from './perform.ts';
import type { Recorder } from './recorder.ts';
import { RunCalls } from './run-calls.ts';
import type { EachStep, Step } from './step.ts';
import { Task, type TaskOwner } from './task.ts';
import type { StepRecord, StepTrace } from './trace.ts';
import { type UndoOptions, type UndoReport, undoAll } from './undo.ts';

/** What an execution needs to know. */
export interface ExecutionOptions {
  readonly steps: readonly Step[];
  readonly input: unknown;
  readonly failFast: boolean;
  readonly deadlineMs: number;
  readonly runLimit: Limit;
  readonly limits: Limits;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly perform: Perform | undefined;
  readonly undo: UndoOptions;
}

// Not `queueMicrotask`: fake timers, those of tests of callers too, may hold that up.
const resolved = Promise.resolve();

/** What an execution gives, before types. */
export interface ExecutionResult {
  readonly values: unknown;
  readonly trace: readonly StepTrace[];
}

/**
 * One execution of a plan: running → over, or running → discarded. A step waits until its in-degree
 * is 0, then it is ready, then it has an outcome; the outcome lowers its readers' in-degrees, or skips
 * them if they cannot do without it. The execution is over when every step has an outcome, which
 * abort, expiry and (under fail fast) the first required failure bring about at once.
 *
 * Ends are heard in turns: a turn takes one after the other, and those that they cause, so that a
 * chain of any length takes no stack.
 */
export class PlanExecution implements TaskOwner {
  readonly #options: ExecutionOptions;
  readonly #nodes: readonly Node[];
  readonly #calls: RunCalls;
  readonly #settled = Promise.withResolvers<ExecutionResult>();
  readonly #undone = Promise.withResolvers<readonly UndoReport[]>();
  readonly result = this.#settled.promise;
  readonly undone = this.#undone.promise;
  /** What could be undone, in the order in which it was completed. */
  readonly #undoable: Task[] = [];
  /** What has ended and was not heard yet. */
  readonly #ended: (Task | Node | undefined)[] = [];
  #endedCount = 0;
  #left: number;
  #turn: 'none' | 'due' | 'running' = 'none';
  #state: 'running' | 'over' | 'discarded' = 'running';

  constructor(options: ExecutionOptions) {
    this.#options = options;
    const nodes = graphOf(options.steps).map((planned) => new Node(planned));
    this.#nodes = nodes;
    this.#left = nodes.length;
    this.#calls = new RunCalls({ ...options, nodes, owner: this });
  }

  get signal(): AbortSignal {
    return this.#calls.signal;
  }

  /** Starts every step that reads nothing. */
  start(): void {
    for (const node of this.#nodes) if (node.unmet === 0) this.#ready(node);
    if (this.#left === 0) this.expire(undefined);
  }

  /** Stops everything with `reason` and rejects with `error`. */
  abort(reason: unknown, error = reason): void {
    if (!this.#stop(reason, 'discarded')) return;
    this.#settled.reject(error);
    this.#undo();
  }

  /** Stops what is left; resolves with what is there unless fail fast misses a required result. */
  expire(reason: unknown): void {
    if (!this.#stop(reason, 'over')) return;
    const { failFast, recorder } = this.#options;
    if (failFast && this.#nodes.some((node) => node.isMissing && !node.wasSkipped)) {
      this.#settled.reject(reason);
      this.#undo();
      return;
    }
    const values = this.#nodes.map((node) => [
      node.step.name,
      failFast && !node.planned.isSkippable ? node.arriving : node.outcome,
    ]);
    this.#settled.resolve({ values: Object.fromEntries(values), trace: recorder.trace() });
    recorder.complete();
    this.#undone.resolve([]);
  }

  started(record: StepRecord): void {
    this.#options.recorder.started(record);
  }

  invoke(task: Task, signal: AbortSignal): unknown {
    return this.#calls.invoke(task, signal);
  }

  endedAtOnce(task: Task, outcome: Outcome<unknown>): void {
    task.outcome = outcome;
    this.#hearOf(task);
  }

  ended(task: Task, outcome: Outcome<unknown>): void {
    // A managed task may end twice: when it is stopped, and when its function has ended.
    if (task.isOver && task.managed) return;
    task.outcome ??= outcome;
    this.#ended[this.#endedCount++] = task;
    if (this.#turn !== 'running') this.#takeTurn();
  }

  #ready(node: Node): void {
    const { step } = node;
    const record = this.#options.recorder.ready(step.name, node.planned.readNames);
    if (step.when && !this.#holds(node, record, step.when)) return;
    if (step.kind === 'each') return this.#expand(node, step, record);
    const places = this.#calls.placesOf(step.target);
    const { target } = step;
    const task = new Task({ owner: this, node, record, places, target });
    node.started = task;
    this.#calls.begin(task);
  }

  /** Whether the step's condition holds; if not, the step has ended. */
  #holds(node: Node, record: StepRecord, when: NonNullable<Step['when']>): boolean {
    try {
      if (when(this.#reads(node))) return true;
      node.wasSkipped = true;
      this.#conclude(node, record, { ok: false, reason: new Skipped(node.step.name) });
    } catch (reason) {
      this.#options.recorder.started(record);
      this.#conclude(node, record, { ok: false, reason });
    }
    return false;
  }

  #expand(node: Node, step: EachStep, record: StepRecord): void {
    const group = new ElementGroup(node, step, record);
    node.started = group;
    this.#options.recorder.started(record);
    // A listener may have ended the execution on hearing of the start.
    if (this.#state !== 'running') return;
    try {
      this.#addElements(group);
    } catch (reason) {
      return this.#conclude(node, record, { ok: false, reason });
    }
    if (group.isEmpty) return this.#concludeGroup(group);
    for (const task of group.tasks) if (!task.isOver) this.#calls.begin(task);
  }

  #addElements(group: ElementGroup): void {
    const { node, step } = group;
    const { readNames } = node.planned;
    const { items, keys } = itemsOf(step, this.#reads(node));
    // Asked for all before the first is kept: it may throw.
    const targets = items.map((item) =>
      typeof step.target === 'function' ? step.target(item) : step.target,
    );
    for (let index = 0; index < items.length; index++) {
      const record = this.#options.recorder.ready(`${step.name}[${keys[index]!}]`, readNames);
      const target = targets[index];
      const shared = this.#calls.placesOf(target);
      const places = group.lane.length > 0 ? [...group.lane, ...shared] : shared;
      const element = { item: items[index], key: keys[index]!, index, group };
      group.add(new Task({ owner: this, node, record, places, target, element }));
    }
  }

  /** What a step reads, without what its calls are given beside that. */
  #reads({ planned }: Node): Record<string, unknown> {
    return addReads({ __proto__: null, input: this.#options.input }, planned, this.#nodes);
  }

  /** Has the end heard in the turn that runs, or in one that begins when the stack is empty. */
  #hearOf(end: Task | Node): void {
    this.#ended[this.#endedCount++] = end;
    if (this.#turn !== 'none') return;
    this.#turn = 'due';
    void resolved.then(() => this.#takeTurn());
  }

  #takeTurn(): void {
    this.#turn = 'running';
    // It grows while it is read, and is used again: most turns hear of one end.
    for (let place = 0; place < this.#endedCount; place++) {
      const end = this.#ended[place]!;
      this.#ended[place] = undefined;
      if (end instanceof Task) this.#finish(end);
      else this.#tellReaders(end);
    }
    this.#endedCount = 0;
    this.#turn = 'none';
  }

  #finish(task: Task): void {
    if (!task.isOver) this.#hear(task);
    // After that: a failure may stop whoever would start in its place.
    if (!task.managed) release(task.places);
  }

  #hear(task: Task): void {
    const { node, element, record } = task;
    const outcome = task.outcome!;
    const isLast = element?.group.ended(task, outcome);
    this.#end(task, outcome);
    if (!element) return this.#conclude(node, record, outcome);
    const { group } = element;
    if (!outcome.ok && !group.itemsAreOptional) this.#failGroup(group, record.id, outcome.reason);
    else if (isLast) this.#concludeGroup(group);
  }

  /** Writes down what has become of a task, and that it may have to be undone. */
  #end(task: Task, outcome: Outcome<unknown>): void {
    task.isOver = true;
    task.outcome = outcome;
    task.managed?.settled();
    const { undo, undoUnknown } = task.node.step;
    // Whoever performs a call may have known its outcome without calling.
    const wasMade = task.record.attempts > 0 || this.#options.perform !== undefined;
    if ((undo || undoUnknown) && wasMade) this.#undoable.push(task);
    this.#options.recorder.ended(task.record, outcome);
  }

  /** One element's failure is the step's: the others are stopped. */
  #failGroup(group: ElementGroup, id: string, reason: unknown): void {
    if (group.node.outcome) return;
    const stopped = new SiblingFailed(id, reason);
    for (const task of group.tasks) {
      if (task.isOver) continue;
      this.#end(task, { ok: false, reason: stopped });
      task.managed?.stop(stopped);
    }
    this.#conclude(group.node, group.record, { ok: false, reason });
  }

  #concludeGroup(group: ElementGroup): void {
    const { node, record } = group;
    record.waitedFor = group.waitedFor();
    this.#conclude(node, record, { ok: true, value: group.value() });
  }

  #conclude(node: Node, record: StepRecord, outcome: Outcome<unknown>): void {
    if (node.outcome) return;
    node.outcome = outcome;
    node.started = undefined;
    this.#left--;
    this.#options.recorder.ended(record, outcome);
    if (this.#state !== 'running') return;
    if (this.#options.failFast && !outcome.ok && node.isMissing && !node.wasSkipped) {
      return this.abort(new SiblingFailed(node.step.name, outcome.reason), outcome.reason);
    }
    if (this.#left === 0) this.expire(undefined);
    else if (node.planned.readers.length > 0) this.#hearOf(node);
  }

  #tellReaders(node: Node): void {
    const { isMissing, planned } = node;
    for (const place of planned.readers) {
      const reader = this.#nodes[place]!;
      if (this.#state !== 'running') return;
      if (reader.outcome) continue;
      if (isMissing) this.#skip(reader, node);
      else if (--reader.unmet === 0) this.#ready(reader);
    }
  }

  #skip(reader: Node, { step: { name }, wasSkipped, outcome }: Node): void {
    const { step } = reader;
    const { reason: cause } = outcome as { reason: unknown };
    const reason = wasSkipped
      ? new Skipped(step.name, name)
      : new DependencyFailed(step.name, name, cause);
    reader.wasSkipped = wasSkipped;
    const record = this.#options.recorder.ready(step.name, reader.planned.readNames);
    this.#conclude(reader, record, { ok: false, reason });
  }

  #stop(reason: unknown, state: 'over' | 'discarded'): boolean {
    if (this.#state !== 'running') return false;
    this.#state = state;
    // Only calls that lost against another one are left: they may finish.
    if (this.#left === 0) return true;
    const stopped = { ok: false, reason } as const;
    for (const node of this.#nodes) {
      if (node.outcome) continue;
      const { started } = node;
      if (started instanceof Task) this.#stopTask(started, stopped);
      else if (started) this.#stopGroup(started, stopped);
      else this.#stopUnstarted(node, stopped);
    }
    this.#calls.stop(reason);
    return true;
  }

  #stopTask(task: Task, stopped: Outcome<never>): void {
    if (!task.isOver) this.#end(task, stopped);
    this.#conclude(task.node, task.record, task.outcome!);
  }

  #stopGroup(group: ElementGroup, stopped: Outcome<never>): void {
    for (const task of group.tasks) {
      if (task.isOver) continue;
      group.ended(task, stopped);
      this.#end(task, stopped);
    }
    group.record.waitedFor = group.waitedFor();
    // Elements fail alone, but a step that was stopped on the way to a rejection did not succeed.
    const isWhole = this.#state === 'over' && group.itemsAreOptional;
    const outcome = isWhole ? ({ ok: true, value: group.value() } as const) : stopped;
    this.#conclude(group.node, group.record, outcome);
  }

  #stopUnstarted(node: Node, stopped: Outcome<never>): void {
    const record = this.#options.recorder.ready(node.step.name, node.planned.readNames);
    this.#conclude(node, record, stopped);
  }

  #undo(): void {
    const { recorder, clock, undo, perform = ({ call }) => call() } = this.#options;
    const end = (reports: readonly UndoReport[]): void => {
      recorder.complete();
      this.#undone.resolve(reports);
    };
    if (this.#undoable.length === 0) return end([]);
    const undoing = undoAll({
      ...{ tasks: this.#undoable, options: undo, clock, perform },
      input: (task) => this.#reads(task.node),
      places: ({ target }) => this.#calls.sharedPlacesOf(target),
      onStart: (id) => recorder.undo('undoing', id),
      onEnd: (report) =>
        report.ok
          ? recorder.undo('undone', report.id)
          : recorder.undoFailed(report.id, report.reason),
    });
    void undoing.then(end);
  }
}
