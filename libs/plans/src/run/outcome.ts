import type { JsonValue } from '@bufbuild/protobuf';
import { Skipped, type StepTrace } from '@trivium/parallel';
import type { RpcError } from '@trivium/rpc';
import { stepError } from './step-error.ts';
import type { StepValue } from './step-value.ts';

/** How a step ended, or one element of a `for_each`. Times are milliseconds from the run's start. */
export interface StepOutcome {
  readonly step: string;
  /** The element's place in the list; absent for the step as a whole. */
  readonly index?: number;
  /** `failed`: its call gave no reply. `skipped`: it was not called. */
  readonly state: 'succeeded' | 'failed' | 'skipped';
  /** The reply as JSON; absent unless it succeeded, and for a `for_each` as a whole. */
  readonly response?: JsonValue;
  /** Why there is no reply. */
  readonly error?: RpcError;
  readonly startMs: number;
  readonly endMs: number;
  /** The steps that had to end first, and the elements of a `for_each` as `rates[0]`. */
  readonly waitedFor: readonly string[];
  /** The calls that were made, hedges and retries included. */
  readonly attempts: number;
  /** How much later it could have ended without the run ending later; known when the run has ended. */
  readonly slackMs?: number;
}

/** Something that happened in a run, `atMs` milliseconds from its start. */
export type RunEvent =
  | (Happening & { readonly type: 'started' })
  | (Happening & { readonly type: 'undone' })
  | (Happening & { readonly type: 'undoFailed'; readonly error: RpcError })
  | { readonly type: 'ended'; readonly atMs: number; readonly outcome: StepOutcome };

interface Happening {
  readonly step: string;
  readonly index?: number;
  readonly atMs: number;
}

/** What became of one undo. */
export interface UndoOutcome {
  readonly step: string;
  readonly index?: number;
  /** Why it could not be undone; absent when it was. */
  readonly error?: RpcError;
}

/** What a run came to. */
export interface PlanOutcome {
  /** The plan's result; absent when the run failed. */
  readonly result?: JsonValue;
  /** Why the run failed; absent when it did not. */
  readonly error?: RpcError;
  /** How each call went, in the order in which they started, with its slack. */
  readonly steps: readonly StepOutcome[];
  /** The chain of steps that the run could not have been faster than. */
  readonly criticalPath: readonly string[];
  readonly durationMs: number;
}

/** The step and the element that an id of the scheduler stands for: `rates[3]`. */
export function placeOfId(id: string): { readonly step: string; readonly index?: number } {
  const bracket = id.indexOf('[');
  if (bracket === -1) return { step: id };
  return { step: id.slice(0, bracket), index: Number(id.slice(bracket + 1, -1)) };
}

/** The outcome that a trace tells, with the value if there is one. */
export function outcomeOf(trace: StepTrace, value?: unknown): StepOutcome {
  const { id, state, startMs, endMs, waitedFor, reason } = trace;
  const one = isStepValue(value) ? value : undefined;
  const error = state === 'succeeded' ? undefined : stepError(reason);
  const calls = one?.attempts ?? error?.attempts ?? (trace.attempts || Number(state === 'failed'));
  return {
    ...placeOfId(id),
    state: reason instanceof Skipped ? 'skipped' : state,
    ...(one && { response: one.response }),
    ...(error && { error }),
    ...{ startMs, endMs, waitedFor },
    attempts: state === 'skipped' ? 0 : calls,
  };
}

const isStepValue = (value: unknown): value is StepValue =>
  typeof value === 'object' && value !== null && 'response' in value;
