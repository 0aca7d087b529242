import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Logger, MethodDefinition, RequestInit, ResponseOf } from '@trivium/rpc';
import type { Observable } from 'rxjs';
import type { NewEvent } from '../operation/operation-event.ts';

/** How a step's value is kept. A generated message, such as `ReserveResponse`, is one. */
export interface StepType<T> {
  encode(value: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** What a step may know of itself. */
export interface StepRun {
  /** The operation's attempt that it runs in: it grows each time that the step runs again. */
  readonly attempt: number;
  /** The same in every attempt: what to send along as the `idempotency-key`. */
  readonly idempotencyKey: string;
}

/** What a step has in common, whatever it does. */
export interface StepOptions<T> {
  /**
   * What to tell when it went well, written in the same commit as its outcome. The value has been
   * through its type, as it is when it is read again.
   */
  event?(value: T): NewEvent;
  /** Whether it also runs once the operation has been cancelled: for what undoes. Default: false. */
  readonly evenIfCancelled?: boolean;
  /** What it waits for, for a person. Default: its id. */
  readonly description?: string;
  /**
   * Undoes it should the work fail, or be cancelled, after it had its effect or may have had it.
   * What undoes runs in reverse order, each a step of its own, once the work has settled.
   */
  readonly undo?: Undo;
}

/** A part of an operation's work whose outcome is recorded. */
export interface Step<T> extends StepOptions<T> {
  readonly type: StepType<T>;
  /**
   * Does the part's work. The signal aborts when the operation is cancelled or its deadline passes
   * (unless `evenIfCancelled`), and when the engine closes: at once if the step is `repeatable`, and
   * else once it has had `graceMs` to end by itself.
   */
  run(signal: AbortSignal, step: StepRun): Promise<T>;
  /**
   * Whether it may run again when its process ended before its outcome was recorded: it changes
   * nothing, or nothing more the second time. Default: false. Then its start is on disk before it
   * runs, and if its process ends it fails with `UNKNOWN`, reason `OUTCOME_UNKNOWN`.
   */
  readonly repeatable?: boolean;
  /** The method that it calls, for those who read of it. Default: its id. */
  readonly method?: string;
}

/** What undoes a step. */
export interface Undo {
  /** Undoes it. It may run again after a crash, and is repeated when it fails. */
  run(signal: AbortSignal, step: StepRun): Promise<unknown>;
  /** What to tell when it is done. Default: an event `STEP_UNDONE`. */
  event?(): NewEvent;
  /** How often it is tried, a whole number from 1. Default: 8, with a back-off of up to 10 s. */
  readonly maxAttempts?: number;
}

/** A call to record: may it be repeated? Its method says so, by its `idempotency_level`. */
export interface Call<M extends MethodDefinition> extends StepOptions<ResponseOf<M>> {
  /** The method, from the generated definition. */
  readonly method: M;
  readonly request: RequestInit<M>;
  /** Makes the call: the client's method. */
  invoke(request: RequestInit<M>, options: StepCallOptions): Promise<ResponseOf<M>>;
}

/** What a recorded call is made with. */
export interface StepCallOptions {
  readonly signal: AbortSignal;
  /** The `idempotency-key` and the `trivium-attempt`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A call of a server stream, each message of which is told as it comes. */
export interface StreamCall<M extends MethodDefinition> extends Omit<
  StepOptions<ResponseOf<M>>,
  'event'
> {
  readonly method: M;
  /**
   * The request; after a crash it is made again for what is missing, given the last message that was
   * told. A method that cannot go on from there tells its messages again.
   */
  request(last: ResponseOf<M> | undefined): RequestInit<M>;
  /** Makes the call: the client's method. */
  invoke(request: RequestInit<M>, options: StepCallOptions): Observable<ResponseOf<M>>;
  /** What to tell of a message. Default: an event `PROGRESS` with the message as its payload. */
  event?(message: ResponseOf<M>): NewEvent;
}

/**
 * An operation as its work sees it. The work runs from its beginning in every attempt, so what it
 * does goes into steps, and what it decides follows from the request and from their outcomes.
 *
 * Once the engine closes, cannot write, or has lost its lease, none of these methods settles any
 * more: to the work it is as if the process had ended there.
 */
export interface RunningOperation {
  readonly name: string;
  readonly id: string;
  readonly kind: string;
  readonly request: Uint8Array;
  /** When it was accepted: the same in every attempt. */
  readonly createTime: Date;
  /** When it fails unless it has ended; absent when it has no deadline. */
  readonly deadline?: Date;
  /** The trace that started it, as W3C `traceparent`; absent when it was not traced. */
  readonly traceparent?: string;
  /** 1 at first, and one more after each restart. */
  readonly attempt: number;
  /**
   * Aborts with `CANCELLED` when the operation is cancelled, `DEADLINE_EXCEEDED` when its deadline
   * passes, `UNAVAILABLE` when the engine closes.
   */
  readonly signal: AbortSignal;
  /** The engine's log, with the operation's name and attempt in each line. */
  readonly log: Logger;
  /** The key of a step: the same in every attempt, and no other step's of any operation. */
  idempotencyKey(stepId: string): string;
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
   * repetition belongs inside `run`. It always rejects with an `RpcError`. On an operation that is
   * cancelled, or past its deadline, a step that has not been recorded rejects with that, unless it
   * is `evenIfCancelled`.
   */
  step<T>(id: string, step: Step<T>): Promise<T>;
  /** A step that is one call: `repeatable` if its method declares `IDEMPOTENT` or `NO_SIDE_EFFECTS`. */
  call<M extends MethodDefinition>(id: string, call: Call<M>): Promise<ResponseOf<M>>;
  /**
   * A step that is one call of a server stream. Each message is an event, on disk before the next
   * one is asked for; resolves with the last message, undefined if there was none.
   */
  callStream<M extends MethodDefinition>(
    id: string,
    call: StreamCall<M>,
  ): Promise<ResponseOf<M> | undefined>;
}

/**
 * The work of one kind of operation: resolves with the response, or throws an `RpcError` that
 * becomes the operation's error. Anything else that it throws is logged and becomes `INTERNAL`.
 */
export type Work = (operation: RunningOperation) => Promise<Any>;
