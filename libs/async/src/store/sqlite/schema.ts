import type { Migration } from '@trivium/sqlite';
import { oneRowEach } from './one-row-each.ts';

/** What an operation store's file says that it is: "TrOp". */
export const applicationId = 0x54724f70;

/**
 * The steps to the present tables; append only. What there is now:
 *
 * `operations` has a row for each operation, with its first and its last event, so that to start one
 * writes one row and to end it changes that row. `owner` is who holds it: '' is nobody, and an
 * operation that has ended has none, so that those that have not are found without a look at those
 * that have. A lease lasts as long as its owner's row in `owners` says, and its token is `attempt`.
 * `operation_events` has the events between the first and the last. `removed` has the numbers of
 * operations whose events and steps are yet to be deleted.
 *
 * `request_index` finds operations by the hash of their request ids; see `RequestIndex`. Up to which
 * number it does is in `request_index_parts`, for each range of hashes. It is checked row by row by
 * `PRAGMA integrity_check`.
 *
 * A number is never given twice, without what AUTOINCREMENT costs each insert: SQLite gives the
 * highest number and one, and of the operation with the highest number a row without a kind stays.
 */
export const migrations: readonly Migration[] = [
  `CREATE TABLE operations (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     request_id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     request BLOB NOT NULL,
     deadline_ms INTEGER,
     traceparent TEXT,
     create_time_ms INTEGER NOT NULL,
     checksum INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     cancel_requested INTEGER NOT NULL DEFAULT 0,
     metadata BLOB,
     metadata_checksum INTEGER,
     end_time_ms INTEGER,
     response BLOB,
     error BLOB,
     result_checksum INTEGER,
     CHECK ((end_time_ms IS NOT NULL) = (response IS NOT NULL) + (error IS NOT NULL))
   ) STRICT;
   CREATE INDEX operations_by_end ON operations (end_time_ms) WHERE end_time_ms IS NOT NULL;

   CREATE TABLE leases (
     number INTEGER PRIMARY KEY,
     owner TEXT NOT NULL,
     token INTEGER NOT NULL,
     kind TEXT NOT NULL,
     cancel_requested INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX leases_by_owner ON leases (owner, number);
   CREATE INDEX leases_to_cancel ON leases (owner) WHERE cancel_requested = 1;

   CREATE TABLE owners (
     owner TEXT PRIMARY KEY,
     expires_ms INTEGER NOT NULL,
     home TEXT NOT NULL,
     process_id INTEGER NOT NULL,
     incarnation TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE operation_events (
     number INTEGER NOT NULL,
     sequence INTEGER NOT NULL,
     kind ANY NOT NULL,
     time_ms INTEGER NOT NULL,
     description TEXT NOT NULL,
     attempt INTEGER NOT NULL,
     payload BLOB,
     error BLOB,
     last INTEGER NOT NULL,
     checksum INTEGER NOT NULL,
     PRIMARY KEY (number, sequence)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE operation_steps (
     number INTEGER NOT NULL,
     step_id TEXT NOT NULL,
     place INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     start_time_ms INTEGER NOT NULL,
     description TEXT,
     value BLOB,
     error BLOB,
     checksum INTEGER NOT NULL,
     PRIMARY KEY (number, step_id)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE removed (number INTEGER PRIMARY KEY) STRICT;`,
  oneRowEach,
  // Each range of hashes becomes four. In another table, so that a process that knows of 16 fails.
  `CREATE TABLE request_index_parts (ends TEXT NOT NULL) STRICT;
   INSERT INTO request_index_parts
     SELECT (SELECT json_group_array(whole.value ORDER BY whole.key, part.key)
             FROM json_each(ends) AS whole, json_each('[1, 2, 3, 4]') AS part)
     FROM request_index_ends;
   DROP TABLE request_index_ends;`,
];
