import { StoreDamaged } from '../store-errors.ts';
import type { StoredEvent, StoredOperation, StoredStep } from '../stored.ts';
import { checksum } from './checksum.ts';

/** A row of `operations`, with what belongs to it. */
export interface OperationRow {
  readonly number: number;
  readonly id: string;
  readonly request_id: string;
  readonly kind: string;
  readonly request: Uint8Array;
  readonly deadline_ms: number | null;
  readonly traceparent: string | null;
  readonly create_time_ms: number;
  readonly checksum: number;
  readonly attempt: number;
  readonly cancel_requested: number;
  readonly metadata: Uint8Array | null;
  readonly metadata_checksum: number | null;
  readonly end_time_ms: number | null;
  readonly response: Uint8Array | null;
  readonly error: Uint8Array | null;
  readonly result_checksum: number | null;
  readonly last_sequence: number | null;
  readonly owner: string | null;
  readonly owner_expires_ms: number | null;
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
  readonly checksum: number;
}

/** A row of `operation_steps`. */
export interface StepRow {
  readonly step_id: string;
  readonly attempt: number;
  readonly start_time_ms: number;
  readonly description: string | null;
  readonly value: Uint8Array | null;
  readonly error: Uint8Array | null;
  readonly checksum: number;
}

/** The columns of an `OperationRow`, and where they are from. */
export const selectOperation = `
  SELECT o.*, l.owner, w.expires_ms AS owner_expires_ms,
    (SELECT max(sequence) FROM operation_events e WHERE e.number = o.number) AS last_sequence
  FROM operations o
    LEFT JOIN leases l ON l.number = o.number
    LEFT JOIN owners w ON w.owner = l.owner`;

/** The checksum of what never changes of an operation. */
export function operationChecksum(
  operation: Pick<
    StoredOperation,
    'id' | 'requestId' | 'kind' | 'request' | 'deadlineMs' | 'traceparent' | 'createTimeMs'
  >,
): number {
  const { id, requestId, kind, request, deadlineMs, traceparent, createTimeMs } = operation;
  return checksum(id, requestId, kind, createTimeMs, deadlineMs, traceparent, request);
}

/** The checksum of how an operation ended, and with which event. */
export function resultChecksum(ended: {
  readonly endTimeMs: number;
  readonly lastSequence: number;
  readonly response?: Uint8Array | null | undefined;
  readonly error?: Uint8Array | null | undefined;
}): number {
  const { endTimeMs, lastSequence, response, error } = ended;
  return checksum(endTimeMs, lastSequence, response, error);
}

/** The checksum of an event in its place; with the operation's id, since its number may be read wrong. */
export function eventChecksum(id: string, event: StoredEvent): number {
  const { sequence, kind, timeMs, description, attempt, last, payload, error } = event;
  return checksum(id, sequence, kind, timeMs, description, attempt, last, payload, error);
}

/** The checksum of a step. */
export function stepChecksum(operationId: string, step: StoredStep): number {
  const { id, attempt, startTimeMs, description, value, error } = step;
  return checksum(operationId, id, attempt, startTimeMs, description, value, error);
}

/** The operation that a row holds. Throws `StoreDamaged` when it is not what was written. */
export function toStoredOperation(row: OperationRow, nowMs: number): StoredOperation {
  const operation: StoredOperation = {
    number: row.number,
    id: row.id,
    kind: row.kind,
    requestId: row.request_id,
    request: row.request,
    metadata: row.metadata ?? undefined,
    deadlineMs: row.deadline_ms ?? undefined,
    traceparent: row.traceparent ?? undefined,
    attempt: row.attempt,
    cancelRequested: row.cancel_requested === 1,
    lastSequence: row.last_sequence ?? 0,
    createTimeMs: row.create_time_ms,
    endTimeMs: row.end_time_ms ?? undefined,
    response: row.response ?? undefined,
    error: row.error ?? undefined,
    owner: row.end_time_ms === null && (row.owner_expires_ms ?? 0) > nowMs ? row.owner! : undefined,
  };
  const isWhole =
    row.checksum === operationChecksum(operation) &&
    row.metadata_checksum === (row.metadata && checksum(row.metadata)) &&
    row.result_checksum ===
      (row.end_time_ms === null
        ? null
        : resultChecksum({ ...operation, endTimeMs: row.end_time_ms })) &&
    row.last_sequence !== null;
  if (!isWhole) throw damaged(`operation ${row.id}`);
  return operation;
}

/** The event that a row holds. Throws `StoreDamaged` when it is not what was written. */
export function toStoredEvent(id: string, row: EventRow): StoredEvent {
  const event: StoredEvent = {
    sequence: row.sequence,
    kind: row.kind,
    timeMs: row.time_ms,
    description: row.description,
    attempt: row.attempt,
    payload: row.payload ?? undefined,
    error: row.error ?? undefined,
    last: row.last === 1,
  };
  if (row.checksum !== eventChecksum(id, event)) {
    throw damaged(`event ${row.sequence} of operation ${id}`);
  }
  return event;
}

/** The step that a row holds. Throws `StoreDamaged` when it is not what was written. */
export function toStoredStep(operationId: string, row: StepRow): StoredStep {
  const step: StoredStep = {
    id: row.step_id,
    attempt: row.attempt,
    startTimeMs: row.start_time_ms,
    description: row.description ?? undefined,
    value: row.value ?? undefined,
    error: row.error ?? undefined,
  };
  if (row.checksum !== stepChecksum(operationId, step)) {
    throw damaged(`step ${row.step_id} of operation ${operationId}`);
  }
  return step;
}

/** The error for something that is not what was written. */
export function damaged(what: string): StoreDamaged {
  return new StoreDamaged(
    `The store is damaged: ${what} is not what was written; restore a backup`,
  );
}
