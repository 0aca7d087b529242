import { StoreDamaged } from '../store-errors.ts';
import type { StoredEvent, StoredOperation, StoredStep } from '../stored.ts';
import { checksum } from './checksum.ts';

/** What never changes of an operation. */
export interface AcceptedColumns {
  readonly id: string;
  readonly request_id: string;
  readonly request_hash: number;
  readonly kind: string;
  readonly create_time_ms: number;
  readonly deadline_ms: number | null;
  readonly traceparent: string | null;
  readonly first_kind: number | string;
  readonly first_description: string;
  readonly request: Uint8Array;
}

/** How an operation ended, all null until then. */
export interface EndedColumns {
  readonly end_time_ms: number | null;
  readonly last_sequence: number | null;
  readonly last_kind: number | string | null;
  readonly last_description: string | null;
  readonly response: Uint8Array | null;
  readonly error: Uint8Array | null;
}

/** A row of `operations`, with what belongs to it. */
export interface OperationRow extends AcceptedColumns, EndedColumns {
  readonly number: number;
  readonly owner: string | null;
  readonly attempt: number;
  readonly cancel_requested: number;
  readonly checksum: number;
  readonly metadata_checksum: number | null;
  readonly result_checksum: number | null;
  readonly metadata: Uint8Array | null;
  readonly owner_expires_ms: number | null;
  /** The sequence of the last row in `operation_events`. */
  readonly told_sequence: number | null;
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
  SELECT o.*, w.expires_ms AS owner_expires_ms,
    (SELECT max(sequence) FROM operation_events e WHERE e.number = o.number) AS told_sequence
  FROM operations o LEFT JOIN owners w ON w.owner = o.owner`;

/** The checksum of what never changes of an operation. */
export function operationChecksum(row: AcceptedColumns): number {
  return checksum(
    row.id,
    row.request_id,
    row.request_hash,
    row.kind,
    row.create_time_ms,
    row.deadline_ms,
    row.traceparent,
    row.first_kind,
    row.first_description,
    row.request,
  );
}

/** The checksum of how an operation ended, and in which attempt. */
export function resultChecksum(row: EndedColumns & Pick<OperationRow, 'attempt'>): number {
  return checksum(
    row.end_time_ms,
    row.last_sequence,
    row.last_kind,
    row.last_description,
    row.attempt,
    row.response,
    row.error,
  );
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
  const hasEnded = row.end_time_ms !== null;
  const isWhole =
    row.checksum === operationChecksum(row) &&
    row.metadata_checksum === (row.metadata && checksum(row.metadata)) &&
    // To a sum an empty text and none are the same.
    typeof row.first_description === 'string' &&
    typeof row.last_description === (hasEnded ? 'string' : 'object') &&
    (hasEnded ? row.result_checksum === resultChecksum(row) : hasNoEnd(row)) &&
    (row.owner === null) === hasEnded;
  if (!isWhole) throw damaged(`operation ${row.id}`);
  return {
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
    lastSequence: row.last_sequence ?? row.told_sequence ?? 1,
    createTimeMs: row.create_time_ms,
    endTimeMs: row.end_time_ms ?? undefined,
    response: row.response ?? undefined,
    error: row.error ?? undefined,
    owner: (row.owner_expires_ms ?? 0) > nowMs ? row.owner! : undefined,
  };
}

/** Whether nothing is there of an end, where there is none. */
function hasNoEnd(row: OperationRow): boolean {
  const { last_sequence, last_kind, last_description, response, error, result_checksum } = row;
  const columns = [last_sequence, last_kind, last_description, response, error, result_checksum];
  return columns.every((value) => value === null);
}

/** An operation's first event, which is part of its row. */
export function firstEvent(row: OperationRow): StoredEvent {
  const { create_time_ms: timeMs, first_kind: kind, first_description: description } = row;
  return { sequence: 1, kind, timeMs, description, attempt: 0, last: false };
}

/** An operation's last event, which is part of its row once it has ended; with its result. */
export function lastEvent(row: OperationRow): StoredEvent {
  return {
    sequence: row.last_sequence!,
    kind: row.last_kind!,
    timeMs: row.end_time_ms!,
    description: row.last_description!,
    attempt: row.attempt,
    payload: row.response ?? undefined,
    error: row.error ?? undefined,
    last: true,
  };
}

/** The event that a row of `operation_events` holds. Throws `StoreDamaged` when it is not what was written. */
export function toStoredEvent(id: string, row: EventRow): StoredEvent {
  const event: StoredEvent = {
    sequence: row.sequence,
    kind: row.kind,
    timeMs: row.time_ms,
    description: row.description,
    attempt: row.attempt,
    payload: row.payload ?? undefined,
    error: row.error ?? undefined,
    last: false,
  };
  if (row.checksum !== eventChecksum(id, event) || typeof row.description !== 'string') {
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
