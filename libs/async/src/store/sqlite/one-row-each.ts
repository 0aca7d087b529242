import type { Sql } from '@trivium/sqlite';
import { checksum } from './checksum.ts';
import type { ChecksumPart } from './checksum.ts';
import { requestHash } from './request-hash.ts';
import { operationChecksum, resultChecksum } from './rows.ts';
import { setAsideOwner } from './set-aside.ts';

/**
 * The step from the tables in which an operation had a row, a lease, and a row for each of its
 * events, to those in which its lease and its first and last event are part of its row. What was
 * damaged before stays so.
 */
export function oneRowEach(sql: Sql): void {
  for (const statement of before) sql.run(statement);
  for (let from = 0; ;) {
    const rows = sql.all<Row>(select, from);
    for (const row of rows) move(sql, row);
    if (rows.length < pageSize) break;
    from = rows.at(-1)!['number'] as number;
  }
  for (const statement of after) sql.run(statement);
}

type Row = Record<string, number | string | Uint8Array | null>;

const pageSize = 1000;
/** No sum of bits is that. */
const neverRight = -1;

const before = [
  'ALTER TABLE operations RENAME TO operations_before',
  'DROP INDEX operations_by_end',
  `CREATE TABLE operations (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     request_id TEXT NOT NULL,
     request_hash INTEGER NOT NULL,
     kind TEXT NOT NULL,
     owner TEXT,
     attempt INTEGER NOT NULL,
     cancel_requested INTEGER NOT NULL DEFAULT 0,
     create_time_ms INTEGER NOT NULL,
     deadline_ms INTEGER,
     traceparent TEXT,
     first_kind ANY NOT NULL,
     first_description TEXT NOT NULL,
     checksum INTEGER NOT NULL,
     end_time_ms INTEGER,
     last_sequence INTEGER,
     last_kind ANY,
     last_description TEXT,
     metadata_checksum INTEGER,
     result_checksum INTEGER,
     request BLOB NOT NULL,
     metadata BLOB,
     response BLOB,
     error BLOB,
     CHECK ((end_time_ms IS NOT NULL) = (response IS NOT NULL) + (error IS NOT NULL))
   ) STRICT`,
  'CREATE INDEX operations_by_owner ON operations (owner) WHERE owner IS NOT NULL',
  `CREATE INDEX operations_to_cancel ON operations (owner)
     WHERE cancel_requested = 1 AND owner IS NOT NULL`,
  'CREATE INDEX operations_by_end ON operations (end_time_ms) WHERE end_time_ms IS NOT NULL',
  `CREATE TABLE request_index (
     hash INTEGER NOT NULL,
     number INTEGER NOT NULL,
     mark INTEGER NOT NULL CHECK (mark = (hash + number * 7) % 65521),
     PRIMARY KEY (hash, number)
   ) STRICT, WITHOUT ROWID`,
  'CREATE TABLE request_index_ends (ends TEXT NOT NULL) STRICT',
  `INSERT INTO request_index_ends VALUES ('${JSON.stringify(Array(16).fill(0))}')`,
];

const after = [
  'DELETE FROM operation_events WHERE sequence = 1 OR last = 1',
  'ALTER TABLE operation_events DROP COLUMN last',
  'DROP TABLE leases',
  'DROP TABLE operations_before',
];

const select = `
  SELECT o.*, l.owner,
    f.kind AS first_kind, f.description AS first_description, f.time_ms AS first_time_ms,
    f.attempt AS first_attempt, f.checksum AS first_checksum,
    e.kind AS last_kind, e.description AS last_description, e.time_ms AS last_time_ms,
    e.attempt AS last_attempt, e.checksum AS last_checksum, e.sequence AS last_sequence,
    e.payload AS last_payload, e.error AS last_error
  FROM operations_before o
    LEFT JOIN leases l ON l.number = o.number
    LEFT JOIN operation_events f ON f.number = o.number AND f.sequence = 1
    LEFT JOIN operation_events e ON e.number = o.number AND e.last = 1
  WHERE o.number > ? ORDER BY o.number LIMIT ${pageSize}`;

function move(sql: Sql, row: Row): void {
  const part = (name: string): ChecksumPart => row[name] as ChecksumPart;
  const sumOf = (...names: readonly string[]): number => checksum(...names.map(part));
  const isRemoved = row['kind'] === '';
  const hasEnded = row['end_time_ms'] !== null;
  const requestId = row['request_id'] as string;

  const fixed = ['id', 'request_id', 'kind', 'create_time_ms', 'deadline_ms', 'traceparent'];
  const first = [part('id'), 1, part('first_kind'), part('first_time_ms')];
  const isWhole =
    row['checksum'] === sumOf(...fixed, 'request') &&
    row['first_checksum'] ===
      checksum(...first, part('first_description'), part('first_attempt'), false, null, null);
  const last = [part('id'), part('last_sequence'), part('last_kind'), part('last_time_ms')];
  const isResultWhole =
    row['result_checksum'] === sumOf('end_time_ms', 'last_sequence', 'response', 'error') &&
    row['last_checksum'] ===
      checksum(
        ...[...last, part('last_description'), part('last_attempt'), true],
        ...[part('last_payload'), part('last_error')],
      );

  const now = {
    number: row['number'],
    id: row['id'],
    request_id: isRemoved ? '' : requestId,
    request_hash: isRemoved ? 0 : requestHash(requestId),
    kind: row['kind'],
    owner: hasEnded ? null : (row['owner'] ?? setAsideOwner),
    attempt: row['attempt'],
    cancel_requested: row['cancel_requested'],
    create_time_ms: row['create_time_ms'],
    deadline_ms: row['deadline_ms'],
    traceparent: row['traceparent'],
    first_kind: row['first_kind'] ?? '',
    first_description: row['first_description'] ?? '',
    end_time_ms: row['end_time_ms'],
    last_sequence: hasEnded ? (row['last_sequence'] ?? 0) : null,
    last_kind: hasEnded ? (row['last_kind'] ?? '') : null,
    last_description: hasEnded ? (row['last_description'] ?? '') : null,
    metadata_checksum: row['metadata_checksum'],
    request: row['request'],
    metadata: row['metadata'],
    response: row['response'],
    error: row['error'],
  };
  const sums = {
    checksum: isWhole ? operationChecksum(now as never) : neverRight,
    result_checksum: !hasEnded ? null : isResultWhole ? resultChecksum(now as never) : neverRight,
  };
  const columns = Object.entries({ ...now, ...sums });
  sql.run(
    `INSERT INTO operations (${columns.map(([name]) => name).join(', ')})
     VALUES (${columns.map(() => '?').join(', ')})`,
    ...columns.map(([, value]) => value ?? null),
  );
}
