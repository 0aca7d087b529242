import type { Sql } from '@trivium/sqlite';
import type { StepChange } from '../run-changes.ts';
import type { NewStoredEvent, StoredOperation } from '../stored.ts';
import { fromByteText } from './byte-text.ts';
import type { ByteText } from './byte-text.ts';
import { checksum } from './checksum.ts';
import { operationChecksum, resultChecksum, selectOperation, toStoredOperation } from './rows.ts';
import type { OperationRow } from './rows.ts';
import { claim, expire, leave, release, renew } from './lease-commands.ts';
import { purge, removeOperation } from './purge.ts';
import { writeEvent, writeStep } from './write-rows.ts';

/** An operation to accept. In a row, since names take as long as values from one thread to another. */
export type AcceptInput = readonly [
  nowMs: number,
  owner: string | null,
  id: string,
  kind: string,
  requestId: string,
  request: ByteText,
  metadata: ByteText | null,
  deadlineMs: number | null,
  traceparent: string | null,
  eventKind: number | string,
  eventDescription: string,
];

/**
 * What a run has achieved, and through which lease. An event is five values of a row: kind,
 * description, attempt, payload and error; a step is six: id, attempt, start time, description, value
 * and error.
 */
export type RecordInput = readonly [
  nowMs: number,
  id: string,
  number: number,
  token: number,
  owner: string,
  events: readonly unknown[],
  steps: readonly unknown[],
  metadata: ByteText | null,
  response: ByteText | null,
  error: ByteText | null,
];

/** The number of an operation that was accepted, or what is there instead. */
export type AcceptOutput =
  number | { kind: 'known' | 'request-id-reused' | 'id-taken'; operation: StoredOperation };

/** What the thread of an operation store runs, each in a transaction. */
export const commands = {
  accept(sql: Sql, input: AcceptInput): AcceptOutput {
    const number = insert(sql, input);
    if (number !== undefined) return number;
    const [nowMs, , id, kind, requestId, request] = input;
    const known = sql.get<OperationRow>(`${selectOperation} WHERE o.request_id = ?`, requestId);
    if (known) {
      const isSame =
        known.kind === kind && Buffer.compare(known.request, fromByteText(request)) === 0;
      const outcome = isSame ? 'known' : 'request-id-reused';
      return { kind: outcome, operation: toStoredOperation(known, nowMs) };
    }
    const taken = sql.get<OperationRow>(`${selectOperation} WHERE o.id = ?`, id)!;
    return { kind: 'id-taken', operation: toStoredOperation(taken, nowMs) };
  },

  /** The sequence of the last event, or undefined when the lease was lost. */
  record(sql: Sql, input: RecordInput): number | undefined {
    const [nowMs, id, number, token, owner, events, steps] = input;
    const held = sql.get<{ owner: string; token: number }>(
      'SELECT owner, token FROM leases WHERE number = ?',
      number,
    );
    if (held?.token !== token || held.owner !== owner) return undefined;
    const [metadata, response, error] = input
      .slice(7)
      .map((text) => fromByteText(text as ByteText | null));
    const place = { number, id };
    for (let at = 0; at < steps.length; at += 6) writeStep(sql, place, stepOf(steps, at));
    const hasEnded = Boolean(response ?? error);
    let sequence = lastSequence(sql, number);
    for (let at = 0; at < events.length; at += 5) {
      sequence += 1;
      const last = hasEnded && at + 5 === events.length;
      writeEvent(sql, place, { ...eventOf(events, at), sequence, timeMs: nowMs, last });
    }
    if (metadata) {
      sql.run(
        'UPDATE operations SET metadata = ?, metadata_checksum = ? WHERE number = ?',
        ...[metadata, checksum(metadata), number],
      );
    }
    if (hasEnded) {
      const crc = resultChecksum({ endTimeMs: nowMs, lastSequence: sequence, response, error });
      sql.run(
        `UPDATE operations SET end_time_ms = ?, response = ?, error = ?, result_checksum = ?
         WHERE number = ?`,
        ...[nowMs, response ?? null, error ?? null, crc, number],
      );
      sql.run('DELETE FROM leases WHERE number = ?', number);
    }
    return sequence;
  },

  requestCancel(
    sql: Sql,
    { id, nowMs }: { id: string; nowMs: number },
  ): StoredOperation | undefined {
    const cancelled = sql.get<{ number: number }>(
      `UPDATE operations SET cancel_requested = 1 WHERE id = ? AND end_time_ms IS NULL
       RETURNING number`,
      id,
    );
    if (cancelled) {
      sql.run('UPDATE leases SET cancel_requested = 1 WHERE number = ?', cancelled.number);
    }
    const row = sql.get<OperationRow>(`${selectOperation} WHERE o.id = ?`, id);
    return row && toStoredOperation(row, nowMs);
  },

  remove(sql: Sql, { id }: { id: string }): 'removed' | 'unfinished' | 'missing' {
    const found = sql.get<{ number: number; ended: number }>(
      'SELECT number, end_time_ms IS NOT NULL AS ended FROM operations WHERE id = ?',
      id,
    );
    if (!found) return 'missing';
    if (!found.ended) return 'unfinished';
    removeOperation(sql, found.number);
    return 'removed';
  },

  sweep(
    sql: Sql,
    { endedBeforeMs, limit, nowMs }: { endedBeforeMs: number; limit: number; nowMs: number },
  ): number {
    const purged = purge(sql, limit);
    if (purged > 0) return purged;
    const dayMs = 86_400_000;
    sql.run(
      `DELETE FROM owners WHERE expires_ms < ?
         AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.owner = owners.owner)`,
      nowMs - dayMs,
    );
    const ended = sql.all<{ number: number }>(
      `SELECT number FROM operations WHERE end_time_ms > 0 AND end_time_ms < ?
       ORDER BY end_time_ms LIMIT ?`,
      ...[endedBeforeMs, limit],
    );
    for (const { number } of ended) removeOperation(sql, number);
    return ended.length;
  },

  claim,
  renew,
  release,
  leave,
  expire,
};

/** The commands, as types. */
export type StoreCommands = typeof commands;

/** The operation's number, or undefined when its request id or its id is known. */
function insert(sql: Sql, input: AcceptInput): number | undefined {
  const [nowMs, owner, id, kind, requestId, , , deadlineMs, traceparent] = input;
  const [request, metadata] = [fromByteText(input[5]), fromByteText(input[6])];
  const attempt = owner === null ? 0 : 1;
  const fixed = { id, requestId, kind, request, createTimeMs: nowMs };
  const crc = operationChecksum({
    ...fixed,
    deadlineMs: deadlineMs ?? undefined,
    traceparent: traceparent ?? undefined,
  });
  const inserted = sql.get<{ number: number }>(
    `INSERT INTO operations (id, request_id, kind, request, deadline_ms, traceparent,
       create_time_ms, checksum, attempt, metadata, metadata_checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING number`,
    ...[id, requestId, kind, request, deadlineMs, traceparent, nowMs, crc, attempt],
    ...[metadata, metadata && checksum(metadata)],
  );
  if (!inserted) return undefined;
  const { number } = inserted;
  sql.run(
    'INSERT INTO leases (number, owner, token, kind) VALUES (?, ?, ?, ?)',
    ...[number, owner ?? '', attempt, kind],
  );
  const [, , , , , , , , , eventKind, description] = input;
  const told = { kind: eventKind, description, attempt: 0 };
  writeEvent(sql, { number, id }, { ...told, sequence: 1, timeMs: nowMs, last: false });
  return number;
}

function eventOf(row: readonly unknown[], at: number): NewStoredEvent {
  const [kind, description, attempt] = row.slice(at, at + 3) as [string, string, number];
  const payload = fromByteText(row[at + 3] as ByteText | null) ?? undefined;
  const error = fromByteText(row[at + 4] as ByteText | null) ?? undefined;
  return { kind, description, attempt, payload, error };
}

function stepOf(row: readonly unknown[], at: number): StepChange {
  const [id, attempt, startTimeMs] = row.slice(at, at + 3) as [string, number, number];
  const description = (row[at + 3] as string | null) ?? undefined;
  const value = fromByteText(row[at + 4] as ByteText | null) ?? undefined;
  const error = fromByteText(row[at + 5] as ByteText | null) ?? undefined;
  return { id, attempt, startTimeMs, description, value, error };
}

function lastSequence(sql: Sql, number: number): number {
  return sql.get<{ sequence: number }>(
    'SELECT max(sequence) AS sequence FROM operation_events WHERE number = ?',
    number,
  )!.sequence;
}
