import type { Sql } from '@trivium/sqlite';
import type { StepChange } from '../run-changes.ts';
import type { NewStoredEvent, StoredOperation } from '../stored.ts';
import { fromByteText } from './byte-text.ts';
import type { ByteText } from './byte-text.ts';
import { checksum } from './checksum.ts';
import { operationBy } from './queries.ts';
import { resultChecksum, toStoredOperation } from './rows.ts';
import { claim, expire, leave, release, renew } from './lease-commands.ts';
import { purge, removeOperation } from './purge.ts';
import { RequestIndex } from './request-index.ts';
import { writeEvent, writeStep } from './write-rows.ts';

export { migrations } from './schema.ts';

/** An operation to accept. In a row, since names take as long as values from one thread to another. */
export type AcceptInput = readonly [
  nowMs: number,
  owner: string | null,
  id: string,
  kind: string,
  requestId: string,
  requestHash: number,
  request: ByteText,
  metadata: ByteText | null,
  deadlineMs: number | null,
  traceparent: string | null,
  eventKind: number | string,
  eventDescription: string,
  checksum: number,
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
  lastKind: number | string | null,
  lastDescription: string | null,
  response: ByteText | null,
  error: ByteText | null,
];

/** The number of an operation that was accepted, or what is there instead. */
export type AcceptOutput =
  number | { kind: 'known' | 'request-id-reused' | 'id-taken'; operation: StoredOperation };

/** The thread has one store. */
const requests = new RequestIndex();

/** Runs first in each transaction of the thread. */
export const begin = (sql: Sql): void => requests.begin(sql);

/** What the thread of an operation store runs, each in a transaction. */
export const commands = {
  accept(sql: Sql, input: AcceptInput): AcceptOutput {
    const [nowMs, , id, kind, requestId, hash, request] = input;
    const known = requests.find(sql, requestId, hash);
    if (known) {
      const operation = toStoredOperation(known, nowMs);
      const isSame =
        operation.kind === kind && Buffer.compare(operation.request, fromByteText(request)) === 0;
      return { kind: isSame ? 'known' : 'request-id-reused', operation };
    }
    const number = insert(sql, input);
    if (number !== undefined) {
      requests.add({ hash, number });
      return number;
    }
    return { kind: 'id-taken', operation: operationBy(sql, { id, nowMs })! };
  },

  /** The sequence of the last event, or undefined when the lease was lost. */
  record(sql: Sql, input: RecordInput): number | undefined {
    const [nowMs, id, number, token, owner, events, steps] = input;
    const [, , , , , , , metadataText, lastKind, lastDescription, responseText, errorText] = input;
    const held = sql.get<{ told: number | null }>(
      `SELECT (SELECT max(sequence) FROM operation_events WHERE number = ?1) AS told
       FROM operations WHERE number = ?1 AND owner = ?2 AND attempt = ?3`,
      ...[number, owner, token],
    );
    if (!held) return undefined;
    const place = { number, id };
    for (let at = 0; at < steps.length; at += 6) writeStep(sql, place, stepOf(steps, at));
    let sequence = held.told ?? 1;
    for (let at = 0; at < events.length; at += 5) {
      sequence += 1;
      writeEvent(sql, place, { ...eventOf(events, at), sequence, timeMs: nowMs, last: false });
    }
    if (metadataText !== null) {
      const metadata = fromByteText(metadataText);
      sql.run(
        'UPDATE operations SET metadata = ?, metadata_checksum = ? WHERE number = ?',
        ...[metadata, checksum(metadata), number],
      );
    }
    if (lastKind === null) return sequence;
    sequence += 1;
    const [response, error] = [fromByteText(responseText), fromByteText(errorText)];
    const last = {
      last_sequence: sequence,
      last_kind: lastKind,
      last_description: lastDescription,
    };
    const crc = resultChecksum({ end_time_ms: nowMs, attempt: token, ...last, response, error });
    sql.run(
      `UPDATE operations SET owner = NULL, end_time_ms = ?, last_sequence = ?, last_kind = ?,
         last_description = ?, response = ?, error = ?, result_checksum = ? WHERE number = ?`,
      ...[nowMs, sequence, lastKind, lastDescription, response, error, crc, number],
    );
    return sequence;
  },

  findByRequestId(
    sql: Sql,
    { requestId, hash, nowMs }: { requestId: string; hash: number; nowMs: number },
  ): StoredOperation | undefined {
    const row = requests.find(sql, requestId, hash);
    return row && toStoredOperation(row, nowMs);
  },

  requestCancel(
    sql: Sql,
    { id, nowMs }: { id: string; nowMs: number },
  ): StoredOperation | undefined {
    sql.run('UPDATE operations SET cancel_requested = 1 WHERE id = ? AND end_time_ms IS NULL', id);
    return operationBy(sql, { id, nowMs });
  },

  remove(sql: Sql, { id }: { id: string }): 'removed' | 'unfinished' | 'missing' {
    const found = sql.get<{ number: number; ended: number }>(
      'SELECT number, end_time_ms IS NOT NULL AS ended FROM operations WHERE id = ?',
      id,
    );
    if (!found) return 'missing';
    if (!found.ended) return 'unfinished';
    removeOperation(sql, found.number, { requests });
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
         AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.owner = owners.owner)`,
      nowMs - dayMs,
    );
    const ended = sql.all<{ number: number }>(
      `SELECT number FROM operations WHERE end_time_ms > 0 AND end_time_ms < ?
       ORDER BY end_time_ms LIMIT ?`,
      ...[endedBeforeMs, limit],
    );
    for (const { number } of ended) removeOperation(sql, number, { requests });
    return ended.length;
  },

  claim,
  renew,
  release,
  leave,

  /** Ends the use of the store by the process that has these owners. */
  end(sql: Sql, { owners }: { owners: readonly string[] }): void {
    expire(sql, owners);
    requests.flush(sql);
  },
};

/** The commands, as types. */
export type StoreCommands = typeof commands;

/** The operation's number, or undefined when its id is taken. */
function insert(sql: Sql, input: AcceptInput): number | undefined {
  const [nowMs, owner, id, kind, requestId, hash, requestText, metadataText] = input;
  const [, , , , , , , , deadlineMs, traceparent, firstKind, description, crc] = input;
  const metadata = fromByteText(metadataText);
  const { changes, rowId } = sql.run(
    `INSERT INTO operations (id, request_id, request_hash, kind, owner, attempt, create_time_ms,
       deadline_ms, traceparent, first_kind, first_description, checksum, metadata,
       metadata_checksum, request)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    id,
    requestId,
    hash,
    kind,
    owner ?? '',
    owner === null ? 0 : 1,
    nowMs,
    deadlineMs,
    traceparent,
    firstKind,
    description,
    crc,
    metadata,
    metadata && checksum(metadata),
    fromByteText(requestText),
  );
  return changes === 0 ? undefined : rowId;
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
