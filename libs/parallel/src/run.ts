import type { Observable } from 'rxjs';
import { type Clock, schedule } from './clock.ts';
import { PlanExecution } from './execution.ts';
import { Limit } from './limit.ts';
import { type Limits, checked, noLimits } from './limits.ts';
import { PlanDeadlineExceeded } from './outcome.ts';
import type { Perform } from './perform.ts';
import type { Plan } from './plan.ts';
import { Recorder } from './recorder.ts';
import type { Arriving, StepType, StepTypes } from './step.ts';
import type { StepEvent, StepTrace } from './trace.ts';
import type { UndoOptions, UndoReport } from './undo.ts';

/** What a required step's failure means: the end of the plan, or one missing result. */
export type RunMode = 'failFast' | 'collect';

/** How a plan is run. */
export interface RunOptions<Mode extends RunMode = RunMode> {
  /** Aborting it stops every step and rejects the result with its reason, in either mode. */
  readonly signal: AbortSignal;
  /** Milliseconds from the start by which the run has ended; 0 or less: at once. Default: none. */
  readonly deadlineMs?: number;
  /** Default: `failFast`. */
  readonly mode?: Mode;
  /** Calls in flight at once, a whole number from 1 or `Infinity`. Default: 64. */
  readonly maxInFlight?: number;
  /** Limits shared with other runs, of calls to each target and in all. Default: none. */
  readonly limits?: Limits;
  /** How often and how long each undo is tried. */
  readonly undo?: UndoOptions;
  /** Stands between the run and its calls. Default: it just calls. */
  readonly perform?: Perform;
  /** What the run is timed with. Default: `performance`, and Node's timers. */
  readonly clock?: Clock;
}

/**
 * The results by step: as their readers receive them, one that a condition may skip as an `Outcome`;
 * under `collect` each as an `Outcome`.
 */
export type PlanValues<Steps extends StepTypes, Mode extends RunMode> = {
  readonly [Name in keyof Steps]: Arriving<
    Steps[Name]['value'],
    Mode extends 'collect' ? true : MayBeMissing<Steps[Name]>
  >;
};

type MayBeMissing<Type extends StepType> = Type['skippable'] extends true ? true : Type['optional'];

/** What a plan gave, and when each of its steps ran. */
export interface PlanResult<Values> {
  readonly values: Values;
  /** One entry per step and per element, in the order in which they started. */
  readonly trace: readonly StepTrace[];
}

/** A plan that is running. */
export interface PlanRun<Values> {
  /**
   * Every step's start and end as it happens, from the first for late subscribers too. Completes,
   * and never errors, when the run is over and undone. Listening starts nothing and unsubscribing stops nothing.
   */
  readonly events: Observable<StepEvent>;
  /**
   * Under `failFast`: rejects with the first required failure as it was thrown, or with
   * `PlanDeadlineExceeded` if a required step had not ended by then. Under `collect`: resolves.
   * Under either: rejects with the signal's reason. Ignoring it is safe: the events tell the same.
   */
  readonly result: Promise<PlanResult<Values>>;
  /**
   * What became of each undo, in the order in which they were made: the last step first. Empty for a
   * plan that did not fail, or that did nothing to undo. Never rejects, and is not bound by the
   * deadline: what was done has to be undone after it, too.
   */
  readonly undone: Promise<readonly UndoReport[]>;
}

/**
 * Starts a plan: its first steps are called before this returns, each later one as soon as all
 * that it reads is there. Throws `RangeError` for options out of range.
 */
export function run<Input, Steps extends StepTypes, Mode extends RunMode = 'failFast'>(
  plan: Plan<Input, Steps>,
  input: NoInfer<Input>,
  options: RunOptions<Mode>,
): PlanRun<PlanValues<Steps, Mode>> {
  const { signal, deadlineMs = Infinity, mode, maxInFlight = 64, clock = performance } = options;
  if (Number.isNaN(deadlineMs)) throw new RangeError('deadlineMs must be a number, got NaN');
  const recorder = new Recorder(clock);
  const execution = new PlanExecution({
    ...{ steps: plan.steps, input, failFast: mode !== 'collect', deadlineMs, recorder, clock },
    runLimit: new Limit(checked('maxInFlight', maxInFlight)),
    limits: options.limits ?? noLimits,
    perform: options.perform,
    undo: options.undo ?? {},
  });

  const abort = (): void => execution.abort(signal.reason);
  const expire = (): void => execution.expire(new PlanDeadlineExceeded(deadlineMs));
  signal.addEventListener('abort', abort);
  const cancelTimer = schedule(clock, deadlineMs, expire);
  const release = (): void => {
    signal.removeEventListener('abort', abort);
    cancelTimer();
  };
  execution.result.then(release, release);

  if (signal.aborted) abort();
  else if (deadlineMs <= 0) expire();
  else execution.start();
  return {
    events: recorder.events,
    result: execution.result as Promise<PlanResult<PlanValues<Steps, Mode>>>,
    undone: execution.undone,
  };
}
