import type { Any } from '@trivium/contracts/google/protobuf/any';
import { Status } from '@trivium/contracts/google/rpc/status';
import type { Database, Sql } from '@trivium/sqlite';
import { LifecycleKind } from './operation-event.ts';
import type { NewEvent, OperationEvent } from './operation-event.ts';
import { operationIdTaken, requestIdReused } from './operation-errors.ts';
import { operationName } from './operation-record.ts';
import type { OperationRecord, OperationResult } from './operation-record.ts';
import { encodeAny, encodeStatus, toEvent, toRecord } from './operation-rows.ts';
import type { EventRow, OperationRow } from './operation-rows.ts';

/** An operation to accept. */
export interface NewOperation {
  readonly id: string;
  readonly kind: string;
  readonly requestId: string;
  readonly request: Uint8Array;
  readonly metadata?: Any;
}

/** What became of a step: the bytes of its value, or why there is none. */
export type StepOutcome =
  | { readonly value: Uint8Array; readonly error?: undefined }
  | { readonly error: Status; readonly value?: undefined };

/** One attempt to do an operation's work. */
export interface Attempt {
  readonly id: string;
  readonly attempt: number;
}

/**
 * The operations on disk, their events and the outcomes of their steps. Every promise resolves after
 * the commit. Whatever is written to an operation that has ended, or that is not there, changes
 * nothing.
 */
export class OperationLog {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Writes an operation and its event 1, unless its request id is known: then `isNew` is false and
   * the record is the one that was accepted, or it fails with `ALREADY_EXISTS` as the requests
   * differ.
   */
  accept(operation: NewOperation): Promise<{ record: OperationRecord; isNew: boolean }> {
    return this.#database.write((sql) => {
      const known = rowByRequestId(sql, operation.requestId);
      if (known) {
        if (!isSame(known, operation)) {
          throw requestIdReused(operation.requestId, operationName(known.id));
        }
        return { record: toRecord(known), isNew: false };
      }
      const { id, kind, requestId, request, metadata } = operation;
      if (rowById(sql, id)) throw operationIdTaken(operationName(id));
      sql.run(
        `INSERT INTO operations (id, request_id, kind, request, metadata, create_time_ms)
         VALUES (?, ?, ?, ?, ?, ?)`,
        ...[id, requestId, kind, request, encodeAny(metadata), this.#now()],
      );
      this.#append(sql, { id, attempt: 0 }, acceptedEvent);
      return { record: toRecord(rowById(sql, id)!), isNew: true };
    });
  }

  /** Begins another attempt; undefined when the operation has ended. */
  beginAttempt(id: string): Promise<OperationRecord | undefined> {
    return this.#database.write((sql) => {
      const begun = sql.get<{ attempt: number }>(
        'UPDATE operations SET attempt = attempt + 1 WHERE id = ? AND done = 0 RETURNING attempt',
        id,
      );
      if (!begun) return undefined;
      this.#append(sql, { id, attempt: begun.attempt }, resumedEvent);
      return toRecord(rowById(sql, id)!);
    });
  }

  /** Writes an event and returns its sequence; undefined when the operation has ended. */
  append(attempt: Attempt, event: NewEvent): Promise<number | undefined> {
    return this.#database.write((sql) => this.#append(sql, attempt, event));
  }

  /** Writes the outcome of a step and, in the same commit, an event. */
  recordStep(
    attempt: Attempt,
    step: { id: string; outcome: StepOutcome; event?: NewEvent },
  ): Promise<void> {
    return this.#database.write((sql) => {
      const { value = null, error } = step.outcome;
      sql.run(
        `INSERT INTO operation_steps (operation_id, step_id, attempt, time_ms, value, error)
         SELECT id, ?, ?, ?, ?, ? FROM operations WHERE id = ? AND done = 0`,
        ...[step.id, attempt.attempt, this.#now(), value, encodeStatus(error), attempt.id],
      );
      if (step.event) this.#append(sql, attempt, step.event);
    });
  }

  /** Replaces the metadata. */
  setMetadata(id: string, metadata: Any): Promise<void> {
    return this.#database.write((sql) => writeMetadata(sql, id, metadata));
  }

  /** Writes the result and the last event, unless there is a result. */
  finish(attempt: Attempt, result: OperationResult, event: NewEvent): Promise<void> {
    return this.#database.write((sql) => {
      if (this.#append(sql, attempt, event, { last: true }) === undefined) return;
      const response = result.$case === 'response' ? encodeAny(result.value) : null;
      const error = result.$case === 'error' ? encodeStatus(result.value) : null;
      sql.run(
        'UPDATE operations SET done = 1, end_time_ms = ?, response = ?, error = ? WHERE id = ?',
        ...[this.#now(), response, error, attempt.id],
      );
    });
  }

  /** Notes that the operation is to be cancelled; undefined when there is none. */
  requestCancel(id: string): Promise<OperationRecord | undefined> {
    return this.#database.write((sql) => {
      sql.run('UPDATE operations SET cancel_requested = 1 WHERE id = ? AND done = 0', id);
      const row = rowById(sql, id);
      return row && toRecord(row);
    });
  }

  /** Removes an operation that has ended, with all that belongs to it. */
  remove(id: string): Promise<'removed' | 'unfinished' | 'missing'> {
    return this.#database.write((sql) => {
      if (sql.run('DELETE FROM operations WHERE id = ? AND done = 1', id).changes) return 'removed';
      return rowById(sql, id) ? 'unfinished' : 'missing';
    });
  }

  /** One operation by its id. */
  get(id: string): OperationRecord | undefined {
    const row = this.#database.read((sql) => rowById(sql, id));
    return row && toRecord(row);
  }

  /** One operation by the key that it was accepted under. */
  findByRequestId(requestId: string): OperationRecord | undefined {
    const row = this.#database.read((sql) => rowByRequestId(sql, requestId));
    return row && toRecord(row);
  }

  /** The first `limit` events after a sequence. */
  events(id: string, { after, limit }: { after: number; limit: number }): OperationEvent[] {
    const rows = this.#database.read((sql) =>
      sql.all<EventRow>(
        `SELECT * FROM operation_events WHERE operation_id = ? AND sequence > ?
         ORDER BY sequence LIMIT ?`,
        ...[id, after, limit],
      ),
    );
    return rows.map(toEvent);
  }

  /** What became of a step, if that is recorded. */
  stepOutcome(id: string, stepId: string): StepOutcome | undefined {
    const row = this.#database.read((sql) =>
      sql.get<{ value: Uint8Array | null; error: Uint8Array | null }>(
        'SELECT value, error FROM operation_steps WHERE operation_id = ? AND step_id = ?',
        ...[id, stepId],
      ),
    );
    if (!row) return undefined;
    return row.value ? { value: row.value } : { error: Status.decode(row.error!) };
  }

  /**
   * The newest `limit` operations, with the number of each: they are numbered in the order in which
   * they were accepted, and `before` leaves out this one and all newer ones.
   */
  list(options: {
    done?: boolean;
    before?: number;
    limit: number;
  }): { number: number; record: OperationRecord }[] {
    const { done, before = Number.MAX_SAFE_INTEGER, limit } = options;
    const rows = this.#database.read((sql) =>
      done === undefined
        ? sql.all<OperationRow>(
            'SELECT * FROM operations WHERE number < ? ORDER BY number DESC LIMIT ?',
            ...[before, limit],
          )
        : sql.all<OperationRow>(
            'SELECT * FROM operations WHERE done = ? AND number < ? ORDER BY number DESC LIMIT ?',
            ...[Number(done), before, limit],
          ),
    );
    return rows.map((row) => ({ number: row.number, record: toRecord(row) }));
  }

  /** The operations that have not ended, oldest first. */
  unfinished(): { id: string; kind: string }[] {
    return this.#database.read((sql) =>
      sql.all<{ id: string; kind: string }>(
        'SELECT id, kind FROM operations WHERE done = 0 ORDER BY number',
      ),
    );
  }

  #append(
    sql: Sql,
    { id, attempt }: Attempt,
    event: NewEvent,
    { last = false } = {},
  ): number | undefined {
    const allocated = sql.get<{ sequence: number }>(
      `UPDATE operations SET last_sequence = last_sequence + 1 WHERE id = ? AND done = 0
       RETURNING last_sequence AS sequence`,
      id,
    );
    if (!allocated) return undefined;
    const { sequence } = allocated;
    const { kind, description, payload, error, metadata } = event;
    sql.run(
      `INSERT INTO operation_events
         (operation_id, sequence, kind, time_ms, description, attempt, payload, error, last)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, sequence, kind, this.#now(), description, attempt],
      ...[encodeAny(payload), encodeStatus(error), Number(last)],
    );
    if (metadata) writeMetadata(sql, id, metadata);
    return sequence;
  }
}

const acceptedEvent: NewEvent = { kind: LifecycleKind.ACCEPTED, description: 'Accepted' };
const resumedEvent: NewEvent = {
  kind: LifecycleKind.RESUMED,
  description: 'The process that worked on it ended; the work goes on',
};

function rowById(sql: Sql, id: string): OperationRow | undefined {
  return sql.get<OperationRow>('SELECT * FROM operations WHERE id = ?', id);
}

function rowByRequestId(sql: Sql, requestId: string): OperationRow | undefined {
  return sql.get<OperationRow>('SELECT * FROM operations WHERE request_id = ?', requestId);
}

function isSame(row: OperationRow, { kind, request }: NewOperation): boolean {
  return row.kind === kind && Buffer.compare(row.request, request) === 0;
}

function writeMetadata(sql: Sql, id: string, metadata: Any): void {
  sql.run('UPDATE operations SET metadata = ? WHERE id = ? AND done = 0', encodeAny(metadata), id);
}
