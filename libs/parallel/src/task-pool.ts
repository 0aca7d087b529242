import { attempt } from './attempt.ts';
import { StepTimedOut, type Outcome } from './outcome.ts';
import type { TraceRecorder } from './trace.ts';

/** Bounds the tasks of one `each` step: how many more may start, and which ones wait for that. */
export interface Lane {
  free: number;
  readonly waiting: Task[];
}

/** A call that can be made now: everything that it reads is there. */
export interface Task {
  readonly id: string;
  readonly waitedFor: readonly string[];
  readonly call: (signal: AbortSignal) => unknown;
  readonly timeoutMs?: number;
  readonly lane?: Lane;
  /** Told once, synchronously with the end of the task. */
  readonly onEnd: (outcome: Outcome<unknown>) => void;
}

/**
 * The ready queue. A task is queued → running → ended, or queued → ended when the pool is stopped
 * first. Tasks start in the order in which they became ready, at most `maxInFlight` at a time;
 * one whose lane is full waits beside the queue and holds up no other. An ended task frees its
 * place even if its function ignores the signal and runs on.
 */
export class TaskPool {
  readonly #recorder: TraceRecorder;
  readonly #live = new Map<Task, AbortController>();
  #queue: Task[] = [];
  #free: number;
  #stopped: Outcome<never> | undefined;

  constructor(maxInFlight: number, recorder: TraceRecorder) {
    this.#free = maxInFlight;
    this.#recorder = recorder;
  }

  /** Queues a task and starts what can be started. */
  submit(task: Task): void {
    this.#live.set(task, new AbortController());
    if (this.#stopped) return this.#end(task, this.#stopped);
    this.#enqueue(task);
    this.#startReady();
  }

  /** Ends every task at once: those that run are aborted with `reason`, the others never start. */
  stop(reason: unknown): void {
    this.#stopped = { ok: false, reason };
    this.#queue = [];
    for (const [task, controller] of [...this.#live]) {
      this.#end(task, this.#stopped);
      controller.abort(reason);
    }
  }

  #enqueue(task: Task): void {
    if (task.lane && task.lane.free === 0) {
      task.lane.waiting.push(task);
      return;
    }
    if (task.lane) task.lane.free--;
    this.#queue.push(task);
  }

  #startReady(): void {
    while (this.#free > 0) {
      const task = this.#queue.shift();
      if (!task) return;
      this.#free--;
      void this.#start(task);
    }
  }

  async #start(task: Task): Promise<void> {
    const { id, call, timeoutMs, lane } = task;
    const controller = this.#live.get(task)!;
    this.#recorder.started(id);
    // A listener may have stopped the pool on hearing of the start.
    if (this.#stopped) return;
    const timeoutReason = (): unknown => new StepTimedOut(id, timeoutMs!);
    const outcome = await attempt({ call, controller, timeoutMs, timeoutReason });
    if (this.#stopped) return;
    this.#free++;
    if (lane) {
      lane.free++;
      const next = lane.waiting.shift();
      if (next) this.#enqueue(next);
    }
    this.#end(task, outcome);
    this.#startReady();
  }

  #end(task: Task, outcome: Outcome<unknown>): void {
    if (!this.#live.delete(task)) return;
    this.#recorder.ended(task.id, task.waitedFor, outcome);
    task.onEnd(outcome);
  }
}
