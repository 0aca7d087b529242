import type { DatabaseSync, StatementSync } from 'node:sqlite';
// Imported, not global: a test's fake clock stops timers, and a commit is none.
import { setImmediate } from 'node:timers';
import { DatabaseUnavailable, databaseUnavailable } from './database-unavailable.ts';
import type { Sql, SqlGuard } from './sql.ts';

/** Where a database tells what happened to it; a pino logger is one. */
export interface DatabaseLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

type Write = (sql: Sql) => unknown;
/** Gives writes, one after the other, until it has none. */
type NextWrite = () => Write | undefined;
/** Makes a write within a transaction. */
type Attempt = (write: Write) => PromiseSettledResult<unknown>;

/** A write threw that was made without a savepoint around it. */
class NotAlone extends Error {}

interface QueuedWrite {
  work: Write;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

// A commit costs its one sync whatever it holds; more than this only delays the first in line.
const writesPerCommit = 256;

/**
 * One file, its one connection and the queue of its writes; made by `openDatabase`.
 *
 *     open ── write() ──▶ queued ── end of this turn ──▶ committing ──▶ open
 *     open or queued ── close() ──▶ closing (the queue is committed) ──▶ closed
 *
 * Reads, writes and the commit run synchronously on the event loop, so that none of them ever sees
 * another half done.
 */
export class Database {
  /** The absolute path of the file, or `:memory:`. */
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #guard: SqlGuard;
  readonly #log: DatabaseLog | undefined;
  // Prepared, because they stand around each write.
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #queue: QueuedWrite[] = [];
  #scheduled = false;
  #closed: Promise<void> | undefined;

  constructor(options: {
    path: string;
    connection: DatabaseSync;
    guard: SqlGuard;
    log: DatabaseLog | undefined;
  }) {
    this.path = options.path;
    this.#connection = options.connection;
    this.#guard = options.guard;
    this.#log = options.log;
    this.#savepoint = options.connection.prepare('SAVEPOINT write');
    this.#release = options.connection.prepare('RELEASE write');
  }

  /**
   * Runs `work` in a transaction and resolves with its result once that is on disk. Writes of the
   * same turn of the event loop share one commit (group commit), at most 256 of them, in the order
   * of their calls.
   *
   * `work` must be synchronous. If it throws, what it did is undone, the promise rejects with what
   * it threw, and the others are committed. If the commit fails, all of its writes reject with
   * {@link DatabaseUnavailable} and are undone; a deferred constraint can be the reason, so prefer
   * immediate ones. After `close()` it rejects at once.
   */
  write<T>(work: (sql: Sql) => T): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /**
   * Makes writes in one commit and at once, each as `write` does: what came of them is there when
   * this returns. For a caller that has the thread to itself: `next` gives one after the other, and so
   * can take in what arrives meanwhile. `begin` runs before them; if it throws, none is made. When one
   * of them throws, all are undone and made anew.
   */
  writeNow(next: NextWrite, begin?: (sql: Sql) => void): PromiseSettledResult<unknown>[] {
    if (this.#closed) {
      const closed = { status: 'rejected', reason: this.#closedError() } as const;
      return Array.from(until(next), () => closed);
    }
    const taken: Write[] = [];
    const noted = (): Write | undefined => {
      const write = next();
      if (write) taken.push(write);
      return write;
    };
    try {
      return this.#commit(noted, { begin, attempt: this.#attemptWithAll });
    } catch {
      // That one is undone alone needs a savepoint around each, which most commits do without.
      const again = taken.values();
      return this.#commit(() => again.next().value ?? next(), {
        begin,
        attempt: this.#attemptAlone,
      });
    }
  }

  /**
   * Runs `work` on what is committed and returns its result. All of its statements see the same
   * moment, even while another process writes. A statement that would change something throws.
   */
  read<T>(work: (sql: Sql) => T): T {
    if (this.#closed) throw this.#closedError();
    this.#guard.assertIdle();
    this.#connection.exec('BEGIN');
    try {
      return this.#guard.perform('reading', work);
    } finally {
      if (this.#connection.isTransaction) this.#connection.exec('COMMIT');
    }
  }

  /**
   * Commits what is queued, moves the write-ahead log into the file and closes it. From the call on,
   * reads throw and writes reject. Closing again returns the same promise.
   */
  close(): Promise<void> {
    return (this.#closed ??= new Promise((resolve, reject) => {
      // Later, because a write may be what calls this.
      setImmediate(() => {
        try {
          this.#shutDown();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Not a microtask: that would run between two requests that arrived together, and a commit
    // would hold one of them. This runs once all that arrived in this turn have been handled.
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitQueued();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #commitQueued(): void {
    const batch = this.#queue.splice(0, writesPerCommit);
    if (batch.length === 0) return;
    const works = batch.map(({ work }) => work).values();
    const outcomes = this.#commit(() => works.next().value, { attempt: this.#attemptAlone });
    for (const [index, outcome] of outcomes.entries()) {
      const { resolve, reject } = batch[index]!;
      if (outcome.status === 'fulfilled') resolve(outcome.value);
      else reject(outcome.reason);
    }
  }

  /** Throws only what a write threw that cannot be undone alone. */
  #commit(
    next: NextWrite,
    { begin, attempt }: { begin?: ((sql: Sql) => void) | undefined; attempt: Attempt },
  ): PromiseSettledResult<unknown>[] {
    const outcomes: PromiseSettledResult<unknown>[] = [];
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      if (begin) this.#guard.perform('writing', begin);
      for (const write of until(next)) {
        const outcome = attempt(write);
        outcomes.push(outcome);
        // A full disk, say, ends the whole transaction, and with it the writes before that one.
        if (!this.#connection.isTransaction) throw (outcome as PromiseRejectedResult).reason;
      }
      this.#connection.exec('COMMIT');
      return outcomes;
    } catch (error) {
      this.#rollBack();
      if (error instanceof NotAlone) throw error;
      const failed = { status: 'rejected', reason: databaseUnavailable(this.path, error) } as const;
      while (next()) outcomes.push(failed);
      return outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome : failed));
    }
  }

  readonly #attemptWithAll: Attempt = (write) => {
    try {
      return { status: 'fulfilled', value: this.#guard.perform('writing', write) };
    } catch (cause) {
      throw new NotAlone('A write threw', { cause });
    }
  };

  readonly #attemptAlone: Attempt = (write) => {
    this.#savepoint.run();
    try {
      const value = this.#guard.perform('writing', write);
      this.#release.run();
      return { status: 'fulfilled', value };
    } catch (reason) {
      if (this.#connection.isTransaction) {
        this.#connection.exec('ROLLBACK TO write');
        this.#release.run();
      }
      return { status: 'rejected', reason };
    }
  };

  #rollBack(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
    } catch (err) {
      this.#log?.warn({ err, path: this.path }, 'rollback failed');
    }
  }

  #shutDown(): void {
    while (this.#queue.length > 0) this.#commitQueued();
    try {
      // Passive, because it waits for no other process; what it leaves is safe in the log.
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (err) {
      this.#log?.warn({ err, path: this.path }, 'checkpoint failed');
    }
    this.#connection.close();
  }

  #closedError(): DatabaseUnavailable {
    return new DatabaseUnavailable(this.path, 'it has been closed; open it again to use it');
  }
}

function* until<T>(next: () => T | undefined): Generator<T, void> {
  for (let value = next(); value !== undefined; value = next()) yield value;
}
