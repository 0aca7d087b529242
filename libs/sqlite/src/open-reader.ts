import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseUnavailable, databaseUnavailable } from './database-unavailable.ts';
import { createSqlGuard } from './sql.ts';
import type { Sql, SqlGuard } from './sql.ts';

/**
 * Opens a database that is open already, here or in another thread or process, to read what is
 * committed there. Throws `DatabaseUnavailable` if it cannot be read.
 */
export function openReader({
  path: given,
  busyTimeoutMs = 5000,
}: {
  path: string;
  busyTimeoutMs?: number;
}): DatabaseReader {
  const path = resolve(given);
  try {
    const connection = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    // A page that makes no sense is then an error where it is read, and not what it seems to say.
    connection.exec('PRAGMA cell_size_check = 1');
    return new DatabaseReader(path, connection);
  } catch (error) {
    throw databaseUnavailable(path, error);
  }
}

/** A connection that only reads; made by `openReader`. */
export class DatabaseReader {
  /** The absolute path of the file. */
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #guard: SqlGuard;

  constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.#connection = connection;
    this.#guard = createSqlGuard(connection);
  }

  /**
   * Runs `work` on what is committed and returns its result; all of its statements see the same
   * moment. Throws `DatabaseUnavailable` when the file cannot be read, or has been closed.
   */
  read<T>(work: (sql: Sql) => T): T {
    if (!this.#connection.isOpen) {
      throw new DatabaseUnavailable(this.path, 'it has been closed; open it again to use it');
    }
    this.#guard.assertIdle();
    try {
      this.#connection.exec('BEGIN');
      const result = this.#guard.perform('reading', work);
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw isOfSqlite(error) ? databaseUnavailable(this.path, error) : error;
    }
  }

  /** Closes the connection. Closing again changes nothing. */
  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #rollBack(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
    } catch {
      // Of a file that makes no sense, what failed first says more.
    }
  }
}

function isOfSqlite(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';
}
