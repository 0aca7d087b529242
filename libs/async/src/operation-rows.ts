import { Any } from '@trivium/contracts/google/protobuf/any';
import { Status } from '@trivium/contracts/google/rpc/status';
import type { OperationEvent } from './operation-event.ts';
import { operationName } from './operation-record.ts';
import type { OperationRecord, OperationResult } from './operation-record.ts';

/** A row of `operations`. */
export interface OperationRow {
  readonly number: number;
  readonly id: string;
  readonly request_id: string;
  readonly kind: string;
  readonly request: Uint8Array;
  readonly metadata: Uint8Array | null;
  readonly attempt: number;
  readonly cancel_requested: number;
  readonly last_sequence: number;
  readonly create_time_ms: number;
  readonly end_time_ms: number | null;
  readonly response: Uint8Array | null;
  readonly error: Uint8Array | null;
}

/** A row of `operation_events`. */
export interface EventRow {
  readonly sequence: number;
  readonly kind: number | string;
  readonly time_ms: number;
  readonly description: string;
  readonly attempt: number;
  readonly payload: Uint8Array | null;
  readonly error: Uint8Array | null;
  readonly last: number;
}

/** The operation that a row holds. */
export function toRecord(row: OperationRow): OperationRecord {
  return {
    name: operationName(row.id),
    id: row.id,
    kind: row.kind,
    requestId: row.request_id,
    request: row.request,
    metadata: decodeAny(row.metadata),
    attempt: row.attempt,
    cancelRequested: row.cancel_requested === 1,
    lastSequence: row.last_sequence,
    createTime: new Date(row.create_time_ms),
    endTime: row.end_time_ms === null ? undefined : new Date(row.end_time_ms),
    result: toResult(row),
  };
}

/** The event that a row holds. */
export function toEvent(row: EventRow): OperationEvent {
  return {
    sequence: row.sequence,
    kind: row.kind,
    time: new Date(row.time_ms),
    description: row.description,
    attempt: row.attempt,
    payload: decodeAny(row.payload),
    error: row.error === null ? undefined : Status.decode(row.error),
    last: row.last === 1,
  };
}

/** An `Any` as it is kept. */
export function encodeAny(any: Any | undefined): Uint8Array | null {
  return any === undefined ? null : Any.encode(any).finish();
}

/** A `Status` as it is kept. */
export function encodeStatus(status: Status | undefined): Uint8Array | null {
  return status === undefined ? null : Status.encode(status).finish();
}

function decodeAny(bytes: Uint8Array | null): Any | undefined {
  return bytes === null ? undefined : Any.decode(bytes);
}

function toResult({ response, error }: OperationRow): OperationResult | undefined {
  if (response !== null) return { $case: 'response', value: Any.decode(response) };
  if (error !== null) return { $case: 'error', value: Status.decode(error) };
  return undefined;
}
