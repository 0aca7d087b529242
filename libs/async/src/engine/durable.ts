import type { RunningOperation, StepType } from './running-operation.ts';

/** One task of a plan: a call, or what undoes one. */
export interface PlanTask<T> {
  /** Unique within the plan, for calls and for undos each. */
  readonly id: string;
  readonly kind: 'call' | 'undo';
  /** Makes it; aborting the signal stops it too. */
  call(signal?: AbortSignal): Promise<T>;
}

/** How the tasks of a plan are recorded. */
export interface DurableOptions {
  /** How the value of a task is kept. */
  readonly type: (task: { id: string; kind: 'call' | 'undo' }) => StepType<unknown>;
  /**
   * Whether a call may be made again when its process ended before its outcome was recorded; what
   * undoes always may. Default: none may.
   */
  readonly repeatable?: (id: string) => boolean;
  /** The method that a task calls, for those who read of it. Default: its id. */
  readonly method?: (id: string) => string;
}

/**
 * Makes a plan durable that runs as an operation: what it returns is put around each task, records
 * what comes of it as a step, and in a later attempt gives what is recorded and calls nothing. What
 * undoes runs even if the operation has been cancelled.
 */
export function durable(
  operation: Pick<RunningOperation, 'step'>,
  { type, repeatable, method }: DurableOptions,
): <T>(task: PlanTask<T>) => Promise<T> {
  return <T>(task: PlanTask<T>) => {
    const { id, kind } = task;
    const isUndo = kind === 'undo';
    return operation.step(isUndo ? `undo/${id}` : id, {
      type: type({ id, kind }) as StepType<T>,
      repeatable: isUndo || (repeatable?.(id) ?? false),
      evenIfCancelled: isUndo,
      description: isUndo ? `undoing ${id}` : id,
      ...(method && { method: method(id) }),
      run: (signal) => task.call(signal),
    });
  };
}
