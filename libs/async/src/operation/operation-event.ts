import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Status } from '@trivium/contracts/google/rpc/status';

/**
 * The kinds of the events that the engine itself writes. Work may not use them for its own.
 *
 * - `ACCEPTED`: the operation is on disk. Always event 1.
 * - `RESUMED`: the process that worked on it ended, and the next attempt begins.
 * - `STEP_STARTED`: a step that may not be repeated is about to run.
 * - `STEP_REPEATED`: a step was under way when its process ended, and runs again, as it may.
 * - `OUTCOME_UNKNOWN`: a step was under way when its process ended, and may not run again.
 * - `PROGRESS`: a message of a called stream.
 * - `UNDOING`: the work failed, and what it did is being undone.
 * - `STEP_UNDONE`, `UNDO_FAILED`: what came of undoing a step.
 * - `SUCCEEDED`, `FAILED`, `CANCELLED`: the operation has ended. The last event.
 */
export const LifecycleKind = {
  ACCEPTED: 'ACCEPTED',
  RESUMED: 'RESUMED',
  STEP_STARTED: 'STEP_STARTED',
  STEP_REPEATED: 'STEP_REPEATED',
  OUTCOME_UNKNOWN: 'OUTCOME_UNKNOWN',
  PROGRESS: 'PROGRESS',
  UNDOING: 'UNDOING',
  STEP_UNDONE: 'STEP_UNDONE',
  UNDO_FAILED: 'UNDO_FAILED',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const;

/** A kind of event that the engine writes. */
export type LifecycleKind = (typeof LifecycleKind)[keyof typeof LifecycleKind];

/** Something that work tells. */
export interface NewEvent {
  /** The work's own word for it: the number of a contract's enum, or a name. */
  readonly kind: number | string;
  /** What happened, for a person. */
  readonly description: string;
  /** What a program may want to know about it. */
  readonly payload?: Any;
  /** Why, for events of failure. */
  readonly error?: Status;
  /** Replaces the operation's metadata in the same commit. */
  readonly metadata?: Any;
}

/** Something that happened to an operation, as it is on disk. */
export interface OperationEvent {
  /** The event's number within its operation: 1, 2, 3, …, without gaps. */
  readonly sequence: number;
  /** A {@link LifecycleKind}, or the work's own. */
  readonly kind: number | string;
  readonly time: Date;
  readonly description: string;
  /** The attempt that it belongs to, from 1 on; 0 when it belongs to none. */
  readonly attempt: number;
  /** What the work told; in `SUCCEEDED` the response. */
  readonly payload?: Any;
  readonly error?: Status;
  /** Whether it is the operation's last one. */
  readonly last: boolean;
}

const lifecycleKinds: ReadonlySet<unknown> = new Set(Object.values(LifecycleKind));

/** Throws a TypeError for an event that work may not write, such as one of the engine's kinds. */
export function assertNewEvent({ kind, description }: NewEvent): void {
  if (typeof kind !== 'string' && !Number.isSafeInteger(kind)) {
    throw new TypeError(`An event's kind is a whole number or a text, not ${kind}.`);
  }
  if (typeof description !== 'string') {
    throw new TypeError(`An event's description is a text, not ${description}.`);
  }
  if (lifecycleKinds.has(kind)) {
    throw new TypeError(`Only the engine writes events of the kind ${kind}.`);
  }
}
