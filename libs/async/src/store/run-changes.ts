import type { NewStoredEvent } from './stored.ts';

/**
 * An owner's right to write to an operation, and the proof of it. Fenced: each claim of an
 * operation has a higher token, and what comes with an older one is refused.
 */
export interface Lease {
  readonly id: string;
  /** The operation's number, which no other operation of the store ever has. */
  readonly number: number;
  readonly owner: string;
  /** The fencing token, which is the number of the attempt. */
  readonly token: number;
}

/** What one commit of a run changes. */
export interface RunChanges {
  /** Appended in this order; the store numbers them. */
  readonly events?: readonly NewStoredEvent[];
  readonly steps?: readonly StepChange[];
  /** Replaces the operation's metadata. */
  readonly metadata?: Uint8Array;
  /** Ends the operation, and with it the lease, after the `events`. */
  readonly end?: StoredEnd;
}

/** A step that begins, or what became of one. It replaces what was known of the step. */
export interface StepChange {
  /** The step's name within its operation. */
  readonly id: string;
  /** The operation's attempt in which it began last. */
  readonly attempt: number;
  /** When it began, in milliseconds of the epoch. */
  readonly startTimeMs: number;
  /** What it waits for, for a person. */
  readonly description?: string;
  /** What came of it: absent while it is not known. */
  readonly value?: Uint8Array;
  /** Why nothing came of it: an encoded `google.rpc.Status`. */
  readonly error?: Uint8Array;
}

/**
 * An operation's last event, which has its result: as the payload an encoded `Any`, or as the error an
 * encoded `google.rpc.Status`. It belongs to the attempt that the lease is of.
 */
export type StoredEnd = Pick<NewStoredEvent, 'kind' | 'description'> &
  (
    | { readonly response: Uint8Array; readonly error?: undefined }
    | { readonly error: Uint8Array; readonly response?: undefined }
  );
