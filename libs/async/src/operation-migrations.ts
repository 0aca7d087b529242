/**
 * The engine's tables: `operations`, `operation_events` and `operation_steps`. They come first in
 * the list of migrations of the database's owner, before the owner's own. A database counts the
 * migrations that it has seen, so this list does not grow: a later change is a list of its own, to
 * be appended.
 */
export const operationMigrations: string[] = [
  `CREATE TABLE operations (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     request_id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     request BLOB NOT NULL,
     metadata BLOB,
     attempt INTEGER NOT NULL DEFAULT 1,
     cancel_requested INTEGER NOT NULL DEFAULT 0,
     last_sequence INTEGER NOT NULL DEFAULT 0,
     create_time_ms INTEGER NOT NULL,
     end_time_ms INTEGER,
     response BLOB,
     error BLOB,
     done INTEGER NOT NULL DEFAULT 0
       CHECK (done = (end_time_ms IS NOT NULL)
         AND done = (response IS NOT NULL) + (error IS NOT NULL))
   ) STRICT;
   CREATE INDEX operations_by_done ON operations (done, number);

   CREATE TABLE operation_events (
     operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     kind ANY NOT NULL,
     time_ms INTEGER NOT NULL,
     description TEXT NOT NULL,
     attempt INTEGER NOT NULL,
     payload BLOB,
     error BLOB,
     last INTEGER NOT NULL,
     PRIMARY KEY (operation_id, sequence)
   ) STRICT;

   CREATE TABLE operation_steps (
     operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
     step_id TEXT NOT NULL,
     attempt INTEGER NOT NULL,
     time_ms INTEGER NOT NULL,
     value BLOB,
     error BLOB,
     PRIMARY KEY (operation_id, step_id),
     CHECK ((value IS NULL) <> (error IS NULL))
   ) STRICT;`,
];
