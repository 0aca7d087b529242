import type { StepChange } from './run-changes.ts';

/** An operation to accept. */
export interface NewOperation {
  readonly id: string;
  readonly kind: string;
  readonly requestId: string;
  readonly request: Uint8Array;
  /** An encoded `Any`. */
  readonly metadata?: Uint8Array;
  /** When the operation fails unless it has ended, in milliseconds of the epoch. */
  readonly deadlineMs?: number;
  /** The trace that asked for it, as W3C `traceparent`. */
  readonly traceparent?: string;
  /** Its event 1, which belongs to no attempt. */
  readonly event: Pick<NewStoredEvent, 'kind' | 'description'>;
}

/** An operation as it is kept. */
export interface StoredOperation {
  /** Grows in the order of acceptance, and is never given twice. */
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly requestId: string;
  readonly request: Uint8Array;
  readonly metadata?: Uint8Array;
  readonly deadlineMs?: number;
  readonly traceparent?: string;
  /** How often it has been claimed. */
  readonly attempt: number;
  readonly cancelRequested: boolean;
  readonly lastSequence: number;
  readonly createTimeMs: number;
  /** Absent until it has ended, as are `response` and `error`. */
  readonly endTimeMs?: number;
  readonly response?: Uint8Array;
  readonly error?: Uint8Array;
  /** Who holds it; absent when nobody does, and when the lease has run out. */
  readonly owner?: string;
}

/** Something that happened, to be written. */
export interface NewStoredEvent {
  readonly kind: number | string;
  readonly description: string;
  /** The attempt that it belongs to; 0 when it belongs to none. */
  readonly attempt: number;
  /** An encoded `Any`. */
  readonly payload?: Uint8Array;
  /** An encoded `google.rpc.Status`. */
  readonly error?: Uint8Array;
}

/** An event as it is kept. */
export interface StoredEvent extends NewStoredEvent {
  readonly sequence: number;
  readonly timeMs: number;
  readonly last: boolean;
}

/** A step as it is kept. */
export type StoredStep = StepChange;

/** Which operations to list; what is absent filters nothing. */
export interface OperationFilter {
  readonly done?: boolean;
  readonly kind?: string;
  /** Accepted at this time or later, in milliseconds of the epoch. */
  readonly createdFromMs?: number;
  /** Accepted before this time. */
  readonly createdBeforeMs?: number;
}
