import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import type { ListOptions } from '../service/list-page.ts';
import type { OperationEvents } from './event-reader.ts';
import type { OperationRecord } from '../operation/operation-record.ts';

/** What to start. */
export interface StartOptions<Kind extends string = string> {
  /** Which of the owner's kinds of work. */
  readonly kind: Kind;
  /** The caller's key, 1 to 200 characters, one for all kinds: it is accepted once. */
  readonly requestId: string;
  /** What the work is given, in bytes: with `kind` it is what a repeated request id must match. */
  readonly request: Uint8Array;
  /** What `google.longrunning.Operation.metadata` shows at first. */
  readonly metadata?: Any;
  /** The id within the operation's name; a new time-ordered one when absent. */
  readonly id?: string;
  /**
   * How long it may take in all, in milliseconds from now on, whoever works on it; then its signal
   * aborts and it ends with `DEADLINE_EXCEEDED` if its work lets it. Default: no limit.
   */
  readonly timeoutMs?: number;
  /** The trace that asks for it, as W3C `traceparent`. Default: that of the call that is served now. */
  readonly traceparent?: string;
}

/**
 * The durable operations of one store, as one process sees them. Each has a log of events, numbered 1 to n
 * without gaps, of which one is the last; and a result, recorded at most once.
 *
 * Every method that takes a name fails with `NOT_FOUND` when there is no such operation and with
 * `INVALID_ARGUMENT` when it is no operation's name. Every method fails with `UNAVAILABLE`, reason
 * `STORE_UNAVAILABLE`, while the store cannot be used, and with `DATA_LOSS` for what is damaged.
 */
export interface Operations<Kind extends string = string> {
  /**
   * Accepts an operation and starts its work, outside the call that asked for it. Resolves once the
   * operation and its event 1 are on disk. The same request id with the same kind and request gives
   * the operation that was accepted, as it is now; with another it is `ALREADY_EXISTS`, as is an
   * `id` that is taken. `UNAVAILABLE` once the engine closes.
   */
  start(options: StartOptions<Kind>): Promise<OperationRecord>;
  /** The operation as it is now. */
  get(name: string): Promise<OperationRecord>;
  /** The operation that was accepted under a request id, if there is one. */
  findByRequestId(requestId: string): Promise<OperationRecord | undefined>;
  /** The operation as it is now, with what it waits for, and who works on it. */
  describe(name: string): Promise<OperationDescription>;
  /** A page of operations, newest first; `INVALID_ARGUMENT` for a bad filter, size or token. */
  list(options?: ListOptions): Promise<OperationPage>;
  /**
   * The events after a sequence (0 for all), from disk and then as they come, until the last one.
   * A sequence beyond the last one is `OUT_OF_RANGE`. Nothing is read ahead: a slow
   * watcher holds up nobody. Leaving the loop cancels nothing. Ends by throwing the reason when the
   * signal aborts; it is also what ends a wait for the next event.
   */
  events(name: string, options?: { after?: number; signal?: AbortSignal }): OperationEvents;
  /**
   * The operation once it has ended, or as it is after `timeoutMs` (default: no limit). Rejects with
   * the signal's reason.
   */
  wait(
    name: string,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<OperationRecord>;
  /**
   * Asks for the end of an operation, on disk before it resolves: the signal of its work aborts, and
   * no further step starts but those that undo. It ends with `CANCELLED` if its work lets it; it may
   * as well end otherwise. Nothing changes for one that has ended.
   */
  cancel(name: string): Promise<void>;
  /** Removes an operation that has ended, and frees its request id; else `FAILED_PRECONDITION`. */
  delete(name: string): Promise<void>;
  /**
   * Goes on with what other processes left unfinished: another attempt of each, in which recorded
   * steps are not run. To be called at start; resolves with the number of those that were free then,
   * as far as there was room, once their work has begun. From then on whatever becomes free is taken
   * over, as when another process dies.
   */
  resume(): Promise<number>;
  /**
   * Stops all work and ends all waits with `UNAVAILABLE`. What was unfinished stays so, for
   * `resume()` of the next process. Resolves once no step runs any more: work that ignores its
   * signal is waited for. The store stays open; close it afterwards.
   */
  close(): Promise<void>;
}

/** One page of a list. */
export interface OperationPage {
  readonly operations: readonly OperationRecord[];
  /** What to pass as `pageToken` for the next page; empty on the last one. */
  readonly nextPageToken: string;
}
