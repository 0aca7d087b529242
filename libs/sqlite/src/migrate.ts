import type { DatabaseSync } from 'node:sqlite';
import { DatabaseUnavailable } from './database-unavailable.ts';
import type { Sql, SqlGuard } from './sql.ts';

/** One step from a version of a database to the next: statements, or a function where those do not do. */
export type Migration = string | ((sql: Sql) => void);

/**
 * Applies the migrations that a database lacks, each in a transaction of its own that also counts
 * it in `PRAGMA user_version`, and returns the versions before and after. The count is read inside
 * the transaction, so that of two processes that start at once one applies it and the other sees
 * that it did. Tries to write even when there is nothing to apply, and so fails on a database that
 * cannot be written. One that has more migrations than are known is refused.
 */
export function migrate({
  connection,
  guard,
  path,
  migrations,
}: {
  connection: DatabaseSync;
  guard: SqlGuard;
  path: string;
  migrations: readonly Migration[];
}): { from: number; to: number } {
  let from: number | undefined;
  for (;;) {
    connection.exec('BEGIN IMMEDIATE');
    try {
      const version = userVersion(connection);
      from ??= version;
      if (version > migrations.length) {
        throw new DatabaseUnavailable(
          path,
          `its version is ${version}, and this program knows versions up to ${migrations.length}; run the newer program, or choose another path`,
        );
      }
      const next = migrations[version];
      if (next === undefined) {
        // Rolled back below. On a read-only file BEGIN IMMEDIATE succeeds, and only a write fails.
        connection.exec(`PRAGMA user_version = ${version}`);
        return { from, to: version };
      }
      try {
        guard.perform('writing', (sql) =>
          typeof next === 'string' ? connection.exec(next) : next(sql),
        );
      } catch (cause) {
        throw new DatabaseUnavailable(
          path,
          `migration ${version + 1} of ${migrations.length} failed (${(cause as Error).message}); it stays at version ${version} until the migration or the data is repaired`,
          { cause },
        );
      }
      connection.exec(`PRAGMA user_version = ${version + 1}`);
      connection.exec('COMMIT');
    } finally {
      if (connection.isTransaction) connection.exec('ROLLBACK');
    }
  }
}

function userVersion(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
}
