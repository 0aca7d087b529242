import { type Clock, schedule } from './clock.ts';
import { type Limit, nextTicket, release } from './limit.ts';
import { UndoFailed } from './outcome.ts';
import type { Perform } from './perform.ts';
import { backOffMs } from './retry-options.ts';
import { takePlaces } from './take-places.ts';
import type { Task } from './task.ts';

/** How what was done is taken back. */
export interface UndoOptions {
  /** Attempts at each undo, the first one included. Default: 5. */
  readonly maxAttempts?: number;
  /** Time for each attempt, and for a stopped call to say how it ended. Default: 30,000. */
  readonly attemptTimeoutMs?: number;
  /** The longest pause before the first repetition; it doubles with each. Default: 100. */
  readonly initialBackOffMs?: number;
  /** The longest pause at all. Default: 2,000. */
  readonly maxBackOffMs?: number;
}

/** What became of the undo of one step, or of one element. */
export type UndoReport =
  | { readonly id: string; readonly ok: true }
  | { readonly id: string; readonly ok: false; readonly reason: UndoFailed };

/** What it takes to undo. */
export interface UndoAllOptions {
  /** What was done, in the order in which it was completed. */
  readonly tasks: readonly Task[];
  readonly options: UndoOptions;
  readonly clock: Clock;
  readonly perform: Perform;
  readonly input: (task: Task) => Record<string, unknown>;
  readonly places: (task: Task) => readonly Limit[];
  readonly onStart: (id: string) => void;
  readonly onEnd: (report: UndoReport) => void;
}

/**
 * Takes back what was done, one after the other, the last first. One that cannot be taken back is
 * reported and holds up none of the others. Never rejects.
 */
export async function undoAll(options: UndoAllOptions): Promise<readonly UndoReport[]> {
  const reports: UndoReport[] = [];
  for (const task of options.tasks.toReversed()) {
    const report = await undoOne(task, options);
    if (!report) continue;
    reports.push(report);
    options.onEnd(report);
  }
  return reports;
}

/** Undefined if nothing was done. */
async function undoOne(task: Task, options: UndoAllOptions): Promise<UndoReport | undefined> {
  const { id } = task.record;
  try {
    const undo = await undoOf(task, options);
    if (!undo) return undefined;
    options.onStart(id);
    const call = (other?: AbortSignal): Promise<unknown> => repeatedly(undo, task, options, other);
    const { signal } = new AbortController();
    await options.perform({ id, kind: 'undo', signal, call });
    return { id, ok: true };
  } catch (reason) {
    return { id, ok: false, reason: new UndoFailed(id, reason) };
  }
}

type Undo = (signal: AbortSignal) => unknown;

/** What takes the task back, according to how its work has truly ended. */
async function undoOf(task: Task, options: UndoAllOptions): Promise<Undo | undefined> {
  const { step } = task.node;
  const { attemptTimeoutMs = 30_000 } = options.options;
  const context = (signal: AbortSignal) => ({ ...options.input(task), signal });
  let value: unknown;
  try {
    // A call that was stopped may succeed all the same.
    value = await within(attemptTimeoutMs, options.clock, () => task.truth);
  } catch (reason) {
    const { undoUnknown, mayHaveHappened = () => true } = step;
    if (reason instanceof StillRunning && !undoUnknown) throw reason;
    const failure = reason instanceof StillRunning ? task.record.reason : reason;
    if (!undoUnknown || !mayHaveHappened(failure)) return undefined;
    if (step.kind !== 'each') return (signal) => step.undoUnknown!(failure, context(signal));
    return (signal) => step.undoUnknown!(failure, task.element!.item, context(signal));
  }
  if (!step.undo) return undefined;
  if (step.kind !== 'each') return (signal) => step.undo!(value, context(signal));
  return (signal) => step.undo!(value, task.element!.item, context(signal));
}

async function repeatedly(
  undo: Undo,
  task: Task,
  options: UndoAllOptions,
  other: AbortSignal | undefined,
): Promise<unknown> {
  const { clock } = options;
  const { maxAttempts = 5, attemptTimeoutMs = 30_000, ...backOff } = options.options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(attemptTimeoutMs, clock, (own) => {
        const signal = other ? AbortSignal.any([own, other]) : own;
        return inPlaces(undo, task, signal, options);
      });
    } catch (reason) {
      if (attempt >= maxAttempts || other?.aborted) throw reason;
      const pauseMs = backOffMs({ maxAttempts, isRetryable: () => true, ...backOff }, attempt);
      await new Promise<void>((resolve) => schedule(clock, pauseMs, resolve));
    }
  }
}

/** Calls within the limits of the target and the process; the run's own places may be taken for good. */
async function inPlaces(
  undo: Undo,
  task: Task,
  signal: AbortSignal,
  options: UndoAllOptions,
): Promise<unknown> {
  const places = options.places(task);
  await takePlaces({ places, ticket: nextTicket(), owner: undo, signal });
  try {
    return await undo(signal);
  } finally {
    release(places);
  }
}

/** The call was stopped and has not said since how it ended. */
class StillRunning extends Error {
  override readonly name = 'StillRunning';
}

/** What a call gives within some time. At the end of the time its signal aborts. */
async function within<T>(
  timeoutMs: number,
  clock: Clock,
  call: (signal: AbortSignal) => T,
): Promise<Awaited<T>> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = schedule(clock, timeoutMs, () => {
    const reason = new StillRunning(`Did not end within ${timeoutMs} ms`);
    controller.abort(reason);
    reject(reason);
  });
  try {
    return await Promise.race([call(controller.signal), promise]);
  } finally {
    cancel();
  }
}
