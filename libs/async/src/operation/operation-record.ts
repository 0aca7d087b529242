import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Operation } from '@trivium/contracts/google/longrunning/operations';
import type { Status } from '@trivium/contracts/google/rpc/status';
import { invalidArgument } from './operation-errors.ts';

/** How an operation ended. */
export type OperationResult =
  | { readonly $case: 'response'; readonly value: Any }
  | { readonly $case: 'error'; readonly value: Status };

/** One operation, as it was on disk when it was read. */
export interface OperationRecord {
  /** `operations/` and its id. */
  readonly name: string;
  readonly id: string;
  /** Which of the owner's kinds of work it is. */
  readonly kind: string;
  /** The caller's key, under which it was accepted once. */
  readonly requestId: string;
  readonly request: Uint8Array;
  /** What the work tells of its progress. */
  readonly metadata?: Any;
  /** How often work on it has begun, from 1 on. */
  readonly attempt: number;
  /** Whether its end by `CANCELLED` was asked for. */
  readonly cancelRequested: boolean;
  /** When it fails unless it has ended; absent when it has no deadline. */
  readonly deadline?: Date;
  /** The trace that started it, as W3C `traceparent`; absent when it was not traced. */
  readonly traceparent?: string;
  /** The process that works on it, for a person; absent when none does. */
  readonly owner?: string;
  /** The sequence of its last event so far. */
  readonly lastSequence: number;
  readonly createTime: Date;
  /** Absent until it has ended, as is `result`. */
  readonly endTime?: Date;
  readonly result?: OperationResult;
}

const collection = 'operations/';
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

/** The name of the operation with this id. */
export function operationName(id: string): string {
  return collection + id;
}

/** The id in an operation's name; `INVALID_ARGUMENT` for what is no such name. */
export function operationId(name: string): string {
  const id = name.slice(collection.length);
  if (!name.startsWith(collection) || !isOperationId(id)) {
    throw invalidArgument('name', 'must be of the form operations/{id}');
  }
  return id;
}

/**
 * Whether a text can be an operation's id: 1 to 128 letters, digits and `. _ ~ -`, beginning with a
 * letter or a digit.
 */
export function isOperationId(text: string): boolean {
  return idPattern.test(text);
}

/** The operation as the contract `google.longrunning` has it (AIP-151). */
export function toOperation({ name, metadata, result }: OperationRecord): Operation {
  return { name, metadata, done: result !== undefined, result };
}
