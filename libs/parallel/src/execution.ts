import { submitElements, type ElementsEnd } from './elements.ts';
import { arrivingFrom, createGraph, isMissing, type Node } from './graph.ts';
import { DependencyFailed, SiblingFailed, type Outcome } from './outcome.ts';
import type { Context, EachStep, Step } from './step.ts';
import { TaskPool } from './task-pool.ts';
import type { StepTrace, TraceRecorder } from './trace.ts';

/** What an execution needs to know. */
export interface ExecutionOptions {
  readonly steps: readonly Step[];
  readonly input: unknown;
  readonly failFast: boolean;
  readonly maxInFlight: number;
  readonly recorder: TraceRecorder;
}

/** What an execution gives, before types. */
export interface ExecutionResult {
  readonly values: unknown;
  readonly trace: readonly StepTrace[];
}

/**
 * One execution of a plan: running → over. A step waits until its in-degree is 0, then it is ready
 * (in the pool), then it has an outcome; the outcome lowers its readers' in-degrees, or skips them
 * if they cannot do without it. The execution is over when every step has an outcome, which abort,
 * expiry and (under fail fast) the first required failure bring about at once.
 */
export class PlanExecution {
  readonly #options: ExecutionOptions;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #pool: TaskPool;
  readonly #settled = Promise.withResolvers<ExecutionResult>();
  readonly result = this.#settled.promise;
  #left: number;
  #state: 'running' | 'over' | 'discarded' = 'running';

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#nodes = createGraph(options.steps);
    this.#left = this.#nodes.size;
    this.#pool = new TaskPool(options.maxInFlight, options.recorder);
  }

  /** Starts every step that reads nothing. */
  start(): void {
    const ready = [...this.#nodes.values()].filter((node) => node.unmet === 0);
    for (const node of ready) this.#ready(node);
    if (this.#left === 0) this.expire(undefined);
  }

  /** Stops everything with `reason` and rejects with `error`. */
  abort(reason: unknown, error = reason): void {
    if (!this.#stop(reason, 'discarded')) return;
    this.#options.recorder.complete();
    this.#settled.reject(error);
  }

  /** Stops what is left; resolves with what is there unless fail fast misses a required result. */
  expire(reason: unknown): void {
    if (!this.#stop(reason, 'over')) return;
    const { failFast, recorder } = this.#options;
    const trace = recorder.complete();
    if (failFast && [...this.#nodes.values()].some(isMissing)) {
      return this.#settled.reject(reason);
    }
    const values = [...this.#nodes].map(([name, node]) => [
      name,
      failFast ? arrivingFrom(node) : node.outcome,
    ]);
    this.#settled.resolve({ values: Object.fromEntries(values), trace });
  }

  #ready(node: Node): void {
    const { step } = node;
    if (step.kind === 'each') return this.#expand(node, step);
    const { name: id, reads: waitedFor, timeoutMs } = step;
    this.#pool.submit({
      ...{ id, waitedFor, timeoutMs },
      call: (signal) => step.call(this.#context(step, { signal })),
      onEnd: (outcome) => this.#conclude(node, outcome),
    });
  }

  #expand(node: Node, step: EachStep): void {
    this.#options.recorder.started(step.name);
    // A listener may have ended the execution on hearing of the start.
    if (this.#state !== 'running') return;
    const onEnd = ({ value, ids, last }: ElementsEnd): void => {
      // Elements fail alone, but a step that was stopped on the way to a rejection did not succeed.
      const stopped = this.#state === 'discarded' && last?.ok === false;
      this.#record(node, stopped ? last : { ok: true, value }, [...step.reads, ...ids]);
    };
    try {
      const context = (signal?: AbortSignal): Context => this.#context(step, { signal });
      submitElements({ step, pool: this.#pool, context, onEnd });
    } catch (reason) {
      this.#record(node, { ok: false, reason });
    }
  }

  /** Ends a step that the pool knows nothing of. */
  #record(node: Node, outcome: Outcome<unknown>, waitedFor = node.step.reads): void {
    this.#options.recorder.ended(node.step.name, waitedFor, outcome);
    this.#conclude(node, outcome);
  }

  #conclude(node: Node, outcome: Outcome<unknown>): void {
    if (node.outcome) return;
    node.outcome = outcome;
    this.#left--;
    if (this.#state !== 'running') return;
    const { name } = node.step;
    const failure = !outcome.ok && isMissing(node) ? outcome : undefined;
    if (failure && this.#options.failFast) {
      return this.abort(new SiblingFailed(name, failure.reason), failure.reason);
    }
    for (const reader of node.readers) {
      if (failure) {
        const reason = new DependencyFailed(reader.step.name, name, failure.reason);
        this.#record(reader, { ok: false, reason });
      } else if (--reader.unmet === 0) this.#ready(reader);
    }
    if (this.#left === 0) this.expire(undefined);
  }

  #stop(reason: unknown, state: 'over' | 'discarded'): boolean {
    if (this.#state !== 'running') return false;
    this.#state = state;
    this.#pool.stop(reason);
    for (const node of this.#nodes.values()) this.#record(node, { ok: false, reason });
    return true;
  }

  #context(step: Step, own: { signal?: AbortSignal }): Context {
    const results = step.reads.map((name) => [name, arrivingFrom(this.#nodes.get(name)!)]);
    return { input: this.#options.input, ...own, ...Object.fromEntries(results) };
  }
}
