import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Logger } from '@trivium/rpc';
import type { NewEvent } from './operation-event.ts';

/** How a step's value is kept. A generated message, such as `ReserveResponse`, is one. */
export interface StepType<T> {
  encode(value: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** A part of an operation's work whose outcome is recorded. */
export interface Step<T> {
  readonly type: StepType<T>;
  /**
   * Does the part's work. The signal aborts when the operation is cancelled (unless
   * `evenIfCancelled`) and when the engine closes. It may run again after a crash that came between
   * its effect and the record: it calls what is IDEMPOTENT, with a key.
   */
  run(signal: AbortSignal): Promise<T>;
  /**
   * What to tell when it went well, written in the same commit as its outcome. The value has been
   * through its type, as it is when it is read again.
   */
  event?(value: T): NewEvent;
  /** Whether it also runs once the operation has been cancelled: for what undoes. Default: false. */
  readonly evenIfCancelled?: boolean;
}

/**
 * An operation as its work sees it. The work runs from its beginning in every attempt, so what it
 * does goes into steps, and what it decides follows from the request and from their outcomes.
 *
 * Once the engine closes, or cannot write, none of these methods settles any more: to the work it is
 * as if the process had ended there.
 */
export interface RunningOperation {
  readonly name: string;
  readonly id: string;
  readonly request: Uint8Array;
  /** When it was accepted: the same in every attempt. */
  readonly createTime: Date;
  /** 1 at first, and one more after each restart. */
  readonly attempt: number;
  /** Aborts with `CANCELLED` when the operation is cancelled, `UNAVAILABLE` when the engine closes. */
  readonly signal: AbortSignal;
  /** The engine's log, with the operation's name and attempt in each line. */
  readonly log: Logger;
  /**
   * Writes an event; resolves with its sequence once it is on disk, which is when watchers see it.
   * Another attempt writes it again: an event that must be there once belongs to a step.
   */
  emit(event: NewEvent): Promise<number>;
  /** Replaces what `google.longrunning.Operation.metadata` shows. */
  setMetadata(metadata: Any): Promise<void>;
  /**
   * Runs a part of the work and records its outcome under an id of its own within the operation:
   * its value, or, when it throws, the status of that error. A later call with the id, in this
   * attempt or another, gives the recorded outcome and runs nothing. So a failure is final:
   * repetition belongs inside `run`. It always rejects with an `RpcError`. On a cancelled operation
   * a step that has not been recorded rejects with `CANCELLED`, unless it is `evenIfCancelled`.
   */
  step<T>(id: string, step: Step<T>): Promise<T>;
}

/**
 * The work of one kind of operation: resolves with the response, or throws an `RpcError` that
 * becomes the operation's error. Anything else that it throws is logged and becomes `INTERNAL`.
 */
export type Work = (operation: RunningOperation) => Promise<Any>;
