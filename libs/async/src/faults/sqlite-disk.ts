import type { DatabaseSync } from 'node:sqlite';

/**
 * What is wrong with a disk for a while:
 *
 * - `full`: SQLite may not let the file grow, and itself fails with `SQLITE_FULL`.
 * - `write`: a commit fails with `SQLITE_IOERR_WRITE`, and nothing of it is there.
 * - `sync`: a commit fails with `SQLITE_IOERR_FSYNC`, and all of it is there: an error that says nothing of what it is of.
 */
export type DiskFault = 'full' | 'write' | 'sync';

/** The disk of one connection; told of each transaction. */
export interface FaultyDisk {
  /** Before a transaction begins. */
  begin(connection: DatabaseSync): void;
  /** Instead of a commit. */
  commit(commit: () => void): void;
}

/**
 * A disk that fails from a transaction on, for so many (`FAULT_DISK`, `FAULT_FROM`, `FAULT_FOR`), and then works again.
 */
export function faultyDisk(): FaultyDisk | undefined {
  const { FAULT_DISK: fault, FAULT_FROM: from = '1', FAULT_FOR: howMany = '10' } = process.env;
  if (!fault) return undefined;
  const [first, last] = [Number(from), Number(from) + Number(howMany) - 1];
  let transactions = 0;
  const isBroken = (): boolean => transactions >= first && transactions <= last;
  return {
    begin(connection) {
      transactions += 1;
      if (fault !== 'full') return;
      if (transactions === first) limitPages(connection, pageCount(connection));
      if (transactions === last + 1) limitPages(connection, unlimitedPages);
    },
    commit(commit) {
      if (!isBroken() || fault === 'full') return commit();
      if (fault === 'write') throw diskError(778);
      commit();
      throw diskError(1034);
    },
  };
}

const unlimitedPages = 2 ** 32 - 2;

const limitPages = (connection: DatabaseSync, pages: number): void =>
  connection.exec(`PRAGMA max_page_count = ${pages}`);

const pageCount = (connection: DatabaseSync): number =>
  Number(Object.values(connection.prepare('PRAGMA page_count').get() ?? {})[0]);

/** As node:sqlite throws it; the extended result codes are those of sqlite.org/rescode.html. */
const diskError = (errcode: number): Error =>
  Object.assign(new Error('disk I/O error'), {
    code: 'ERR_SQLITE_ERROR',
    errcode,
    errstr: 'disk I/O error',
  });
