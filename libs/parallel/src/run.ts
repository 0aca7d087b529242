import type { Observable } from 'rxjs';
import { isLimit } from './check-step.ts';
import { PlanExecution } from './execution.ts';
import { PlanDeadlineExceeded } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { Arriving, StepTypes } from './step.ts';
import { startTimer } from './timer.ts';
import { TraceRecorder, type Clock, type StepEvent, type StepTrace } from './trace.ts';

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
  /** What the trace is timed with. Default: `performance`. */
  readonly clock?: Clock;
}

/** The results by step: as their readers receive them or, under `collect`, each as an `Outcome`. */
export type PlanValues<Steps extends StepTypes, Mode extends RunMode> = {
  readonly [Name in keyof Steps]: Arriving<
    Steps[Name]['value'],
    Mode extends 'collect' ? true : Steps[Name]['optional']
  >;
};

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
   * and never errors, when the run is over. Listening starts nothing and unsubscribing stops nothing.
   */
  readonly events: Observable<StepEvent>;
  /**
   * Under `failFast`: rejects with the first required failure as it was thrown, or with
   * `PlanDeadlineExceeded` if a required step had not ended by then. Under `collect`: resolves.
   * Under either: rejects with the signal's reason. Ignoring it is safe: the events tell the same.
   */
  readonly result: Promise<PlanResult<Values>>;
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
  if (!isLimit(maxInFlight)) {
    throw new RangeError(`maxInFlight must be a whole number from 1, got ${maxInFlight}`);
  }
  const { steps } = plan;
  const recorder = new TraceRecorder(clock);
  const failFast = mode !== 'collect';
  const execution = new PlanExecution({ steps, input, failFast, maxInFlight, recorder });

  const abort = (): void => execution.abort(signal.reason);
  const expire = (): void => execution.expire(new PlanDeadlineExceeded(deadlineMs));
  signal.addEventListener('abort', abort);
  const cancelTimer = startTimer(deadlineMs, expire);
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
  };
}
