import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { Database } from './database.ts';
import type { DatabaseLog } from './database.ts';
import { DatabaseUnavailable, databaseUnavailable, sqliteCode } from './database-unavailable.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migrate.ts';
import { createSqlGuard } from './sql.ts';

/** How to open a database. */
export interface DatabaseOptions {
  /** The file, created together with its folder where missing; `:memory:` for one that is not kept. */
  path: string;
  /** SQL texts, oldest first; append only, since a database remembers how many it has seen. */
  migrations: readonly Migration[];
  /**
   * Marks the file as one of a kind (`PRAGMA application_id`), so that a file of another kind is
   * refused. Default: 0, as every file has at first.
   */
  applicationId?: number;
  /**
   * How long the write-ahead log gets before it is moved into the file, in pages of 4 KiB: the longer,
   * the less each write costs, and the more there is to read after a crash. Default: 1000.
   */
  checkpointPages?: number;
  /** How long to wait for the lock of another process. It blocks the event loop. Default: 5000. */
  busyTimeoutMs?: number;
  /** Told of migrations and of a failed checkpoint, such as a pino logger. Default: nobody. */
  log?: DatabaseLog;
}

/**
 * Opens a database for one service: write-ahead log, `synchronous=FULL` (what is acknowledged
 * survives a power cut), foreign keys enforced, all of it read back; then migrates it. Throws
 * {@link DatabaseUnavailable} if it cannot be opened, written or migrated.
 */
export function openDatabase({
  path: given,
  migrations,
  applicationId = 0,
  checkpointPages = 1000,
  busyTimeoutMs = 5000,
  log,
}: DatabaseOptions): Database {
  if (!Number.isInteger(busyTimeoutMs) || busyTimeoutMs < 0) {
    throw new RangeError(`busyTimeoutMs has to be a whole number from 0, not ${busyTimeoutMs}.`);
  }
  const inMemory = given === ':memory:';
  const path = inMemory ? given : resolve(given);
  let connection: DatabaseSync | undefined;
  try {
    if (!inMemory) mkdirSync(dirname(path), { recursive: true });
    connection = new DatabaseSync(path, { timeout: busyTimeoutMs });
    enableWriteAheadLog(connection, busyTimeoutMs);
    configure(connection, {
      path,
      pragmas: {
        journal_mode: inMemory ? 'memory' : 'wal',
        synchronous: 2,
        // On macOS fsync alone leaves the data in the drive's cache; elsewhere this does nothing.
        fullfsync: 1,
        foreign_keys: 1,
        busy_timeout: busyTimeoutMs,
        // A page that makes no sense is then an error where it is read, and not what it seems to say.
        cell_size_check: 1,
        wal_autocheckpoint: checkpointPages,
      },
    });
    claimFile(connection, { path, applicationId });
    const guard = createSqlGuard(connection);
    const { from, to } = migrate({ connection, guard, path, migrations });
    if (to > from) log?.info({ path, from, to }, 'database migrated');
    return new Database({ path, connection, guard, log });
  } catch (error) {
    connection?.close();
    throw databaseUnavailable(path, error);
  }
}

/** SQLite ignores a pragma that it does not know or cannot honour, so each is read back. */
function configure(
  connection: DatabaseSync,
  { path, pragmas }: { path: string; pragmas: Record<string, string | number> },
): void {
  for (const [name, wanted] of Object.entries(pragmas)) {
    if (name !== 'journal_mode') connection.exec(`PRAGMA ${name} = ${wanted}`);
    const [actual] = Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {});
    if (actual !== wanted) {
      throw new DatabaseUnavailable(
        path,
        `SQLite keeps ${name} at ${actual} instead of ${wanted}; choose a path on a local disk`,
      );
    }
  }
}

/** A file that has no tables yet becomes one of this kind. */
function claimFile(
  connection: DatabaseSync,
  { path, applicationId }: { path: string; applicationId: number },
): void {
  const pragma = (name: string): unknown =>
    Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  if (pragma('application_id') === applicationId) return;
  if (pragma('application_id') !== 0 || pragma('user_version') !== 0) {
    throw new DatabaseUnavailable(
      path,
      'it is a database of another kind; move that file away, or choose another path',
    );
  }
  connection.exec(`PRAGMA application_id = ${applicationId}`);
}

const lockPollMs = 5;

/**
 * The first switch to write-ahead logging can fail at once on another process's lock, whatever the
 * busy timeout: between two readers that want to write, SQLite does not wait.
 */
function enableWriteAheadLog(connection: DatabaseSync, busyTimeoutMs: number): void {
  const giveUpAt = performance.now() + busyTimeoutMs;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error) !== 5 || performance.now() >= giveUpAt) throw error;
      Atomics.wait(pause, 0, 0, lockPollMs);
    }
  }
}
