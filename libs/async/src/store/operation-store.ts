import type { Lease, RunChanges } from './run-changes.ts';
import type {
  NewOperation,
  NewStoredEvent,
  OperationFilter,
  StoredEvent,
  StoredOperation,
  StoredStep,
} from './stored.ts';

/**
 * Where operations are kept: plain objects and bytes, and nothing of how they are kept. Any number
 * of processes may use one store at the same time.
 *
 * A write resolves once it is on disk, and is all or nothing; one that rejects may have been made
 * all the same, as is the case for any commit whose answer is lost. Writes of one caller take effect
 * in the order of the calls. A read sees what is on disk and nothing else.
 *
 * Every method rejects with `StoreUnavailable` while the store cannot be used, and with
 * `StoreDamaged` when what it read is not what was written.
 */
export interface OperationStore {
  /**
   * Writes an operation with its event 1 and, if there is an `owner`, the owner's lease on it, in
   * one commit. An operation without a lease is anybody's to claim.
   */
  accept(operation: NewOperation, options: { owner?: string | undefined }): Promise<Acceptance>;

  /**
   * Takes over operations that nobody holds: those that were never claimed or were released, and
   * those whose owner has let its lease run out. Oldest first, at most `limit`. Each gets a new
   * attempt, whose number is the fencing token of the lease, and, if it is not the first, the event
   * that is given. One that is damaged is set aside for good, so that it holds up no other.
   */
  claim(options: {
    owner: string;
    kinds: readonly string[];
    limit: number;
    event: Pick<NewStoredEvent, 'kind' | 'description'>;
  }): Promise<Claim>;

  /**
   * Makes all leases of an owner last `leaseMs` from now on, those included that it takes later. Also
   * to be called before its first one.
   */
  renew(options: { owner: string; leaseMs: number }): Promise<Renewal>;

  /** Gives up leases, so that anybody can claim the operations at once; those it no longer has are skipped. */
  release(leases: readonly Lease[]): Promise<void>;

  /** Gives up all leases of an owner, who takes no more. */
  leave(owner: string): Promise<void>;

  /**
   * Writes what a run has achieved, in one commit, and resolves with the sequence of the operation's
   * last event and the time of what was written. Rejects with `LeaseLost`, and changes nothing, when the lease is not the operation's
   * present one or the operation has ended.
   */
  record(lease: Lease, changes: RunChanges): Promise<Recorded>;

  /** Notes that an operation is to be cancelled, unless it has ended; undefined when there is none. */
  requestCancel(id: string): Promise<StoredOperation | undefined>;

  /** Removes an operation that has ended, with all that belongs to it, and frees its request id. */
  remove(id: string): Promise<'removed' | 'unfinished' | 'missing'>;

  /**
   * Removes what ended before a time, at most `limit` operations and about as many of their events
   * in one commit. Returns how much was removed: 0 means that there is nothing left to remove.
   */
  sweep(options: { endedBeforeMs: number; limit: number }): Promise<number>;

  /** One operation by its id. */
  get(id: string): Promise<StoredOperation | undefined>;

  /** One operation by the key that it was accepted under. */
  findByRequestId(requestId: string): Promise<StoredOperation | undefined>;

  /** The newest operations that a filter lets through; `before` leaves out this number and newer ones. */
  list(options: {
    filter: OperationFilter;
    before?: number;
    limit: number;
  }): Promise<readonly StoredOperation[]>;

  /** The first `limit` events after a sequence; undefined when there is no such operation. */
  events(id: string, options: { after: number; limit: number }): Promise<EventPage | undefined>;

  /** What is known of an operation's steps, in the order in which they were first recorded. */
  steps(id: string): Promise<readonly StoredStep[]>;

  /** The operations of an owner that are to be cancelled. */
  cancelRequested(owner: string): Promise<readonly string[]>;

  /** How many operations of each kind have not ended. */
  unfinished(): Promise<readonly { readonly kind: string; readonly count: number }[]>;

  /** Ends the use of the store, after the writes that are under way. */
  close(): Promise<void>;
}

/** What became of an operation that was handed in. */
export type Acceptance =
  /** It was accepted now; `lease` is there if an owner was named. */
  | { readonly kind: 'accepted'; readonly operation: StoredOperation; readonly lease?: Lease }
  /** It was accepted earlier: the same request id, kind and request. */
  | { readonly kind: 'known'; readonly operation: StoredOperation }
  /** The request id stands for another request: that of this operation. */
  | { readonly kind: 'request-id-reused'; readonly operation: StoredOperation }
  /** The suggested id belongs to the operation of another request id. */
  | { readonly kind: 'id-taken'; readonly operation: StoredOperation };

/** What a claim came to. */
export interface Claim {
  readonly claimed: readonly ClaimedOperation[];
  /** The ids of those that were set aside because they are damaged. */
  readonly setAside: readonly string[];
}

/** An operation that was taken over, and the lease on it. */
export interface ClaimedOperation {
  readonly operation: StoredOperation;
  readonly lease: Lease;
}

/** What was given to something that was recorded. */
export interface Recorded {
  /** The sequence of the operation's last event. */
  readonly lastSequence: number;
  /** The time of its events, and of its end if it ended, in milliseconds of the epoch. */
  readonly timeMs: number;
}

/** What an owner learns when it renews its leases. */
export interface Renewal {
  /** Whether they had run out, so that some of them may be somebody else's by now. */
  readonly hadExpired: boolean;
  /** Its leases, listed only when they had run out. */
  readonly held?: readonly Lease[];
}

/** Some of an operation's events. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The sequence of the operation's last event so far. */
  readonly lastSequence: number;
  /** Whether the operation has ended, so that no event follows `lastSequence`. */
  readonly ended: boolean;
}
