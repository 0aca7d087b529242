import type { RunningOperation, Step } from './running-operation.ts';

/** One task of a plan: a call, or what undoes one. */
export interface PlanTask<T> {
  /** Unique within the plan, for calls and for undos each. */
  readonly id: string;
  readonly kind: 'call' | 'undo';
  /** Makes it; aborting the signal stops it. */
  call(signal?: AbortSignal): Promise<T>;
}

/** The step as which a task is recorded. */
export interface RecordedTask extends Omit<Step<unknown>, 'run'> {
  /** The step's id. Default: the task's kind and id, such as `call reserve`. */
  readonly id?: string;
}

/**
 * Makes a plan durable that runs as an operation: what it returns is put around each task, records
 * what comes of it as a step, and in a later attempt gives what is recorded and calls nothing. What
 * undoes may be repeated and runs even if the operation has been cancelled, unless `stepOf` says
 * otherwise.
 */
export function durable(
  operation: Pick<RunningOperation, 'step'>,
  stepOf: (task: PlanTask<unknown>) => RecordedTask,
): <T>(task: PlanTask<T>) => Promise<T> {
  return async <T>(task: PlanTask<T>) => {
    const { id, kind } = task;
    const isUndo = kind === 'undo';
    const { id: stepId = `${kind} ${id}`, ...step } = stepOf(task);
    const recorded = await operation.step<unknown>(stepId, {
      ...{ repeatable: isUndo, evenIfCancelled: isUndo },
      description: isUndo ? `undoing ${id}` : id,
      ...step,
      run: (signal) => task.call(signal),
    });
    return recorded as T;
  };
}
