import type { Sql } from '@trivium/sqlite';
import { NumbersByHash } from './numbers-by-hash.ts';
import type { HashedNumber } from './numbers-by-hash.ts';
import { readRow } from './read-rows.ts';
import { requestHashBits } from './request-hash.ts';
import { selectOperation } from './rows.ts';
import type { OperationRow } from './rows.ts';

/** The parts of the index, each for as many hashes. */
export const rangeCount = 64;
/** How many of the newest operations of a range are found in memory, about: then they go to the disk. */
const newestOfRange = 256;

/**
 * Finds operations by their request ids: the newest ones in memory, the others on disk, by hash.
 *
 * Request ids are random, so that each would change another page of an index, and that page would be
 * most of what a start writes. Sorted, and some hundred of one range of hashes together, they change each
 * page once, and hold up nobody for long.
 *
 * Memory holds what is committed and nothing else: each transaction begins with a look at what there
 * is on disk, which other processes may have written, or a commit that failed may not. What memory
 * says is checked against the operation's row, which may have been removed.
 */
export class RequestIndex {
  /** By range, up to which number operations are on disk; and the same as it is written there. */
  #ends: readonly number[] = Array<number>(rangeCount).fill(0);
  #writtenEnds = '';
  /** By range, those with higher numbers, up to this one. */
  #knownTo = -1;
  readonly #newest = Array.from({ length: rangeCount }, () => new NumbersByHash());
  /** Those of the present transaction, and the last of them. */
  readonly #present = new NumbersByHash();
  #lastPresent = 0;
  /** Those of the newest that may have been removed, as far as this process did it. */
  readonly #removed = new Set<number>();
  /** What SQLite counts up when another connection commits, and whether one has. */
  #version = -1;
  #hasOthers = false;

  /** To be called first in each transaction. */
  begin(sql: Sql): void {
    this.#readEnds(sql);
    if (this.#isLikeThis(sql)) {
      for (const entry of this.#present.entries()) this.#keep(entry);
    } else {
      this.#readNewest(sql);
    }
    this.#present.clear();
    this.#lastPresent = 0;
    const full = this.#newest.findIndex(({ size }) => size >= newestOfRange);
    if (full >= 0) this.#flush(sql, [full]);
  }

  /** The operation that was accepted under a request id. */
  find(sql: Sql, requestId: string, hash: number): OperationRow | undefined {
    const look = (number: number): OperationRow | undefined => rowOf(sql, number, requestId);
    const newest = this.#present.find(hash, look) ?? this.#newest[rangeOf(hash)]!.find(hash, look);
    if (newest) return newest;
    const indexed = sql.all<{ number: number }>(
      'SELECT number FROM request_index WHERE hash = ?',
      hash,
    );
    for (const { number } of indexed) {
      const row = look(number);
      if (row) return row;
    }
    return undefined;
  }

  /** Notes an operation that the present transaction accepts. */
  add({ hash, number }: HashedNumber): void {
    this.#present.add(hash, number);
    this.#lastPresent = number;
  }

  /** Takes an operation out of the index. */
  remove(sql: Sql, number: number): void {
    const row = sql.get<{ request_hash: number }>(
      'SELECT request_hash FROM operations WHERE number = ?',
      number,
    );
    if (!row) return;
    // It stays in memory, which knows of no commit that fails; see `#put`.
    if (number > this.#ends[rangeOf(row.request_hash)]!) this.#removed.add(number);
    sql.run('DELETE FROM request_index WHERE hash = ? AND number = ?', row.request_hash, number);
  }

  /** Puts everything that was committed into the index on disk. */
  flush(sql: Sql): void {
    this.#flush(sql, [...this.#newest.keys()]);
  }

  /** Whether there is on disk what the last transaction left there, and nothing else. */
  #isLikeThis(sql: Sql): boolean {
    const { data_version: version } = sql.get<{ data_version: number }>('PRAGMA data_version')!;
    const isOurs = version === this.#version;
    if (!isOurs && this.#version !== -1) this.#hasOthers = true;
    this.#version = version;
    if (!isOurs) return false;
    const newest = sql.get<{ number: number | null }>(
      'SELECT max(number) AS number FROM operations',
    )!;
    return (newest.number ?? 0) === (this.#lastPresent || this.#knownTo);
  }

  #readNewest(sql: Sql): void {
    const added = sql.all<HashedNumber>(
      `SELECT number, request_hash AS hash FROM operations
       WHERE number > ? AND kind <> '' ORDER BY number`,
      this.#knownTo,
    );
    for (const entry of added) this.#keep(entry);
  }

  #keep({ hash, number }: HashedNumber): void {
    const range = rangeOf(hash);
    if (number > this.#ends[range]!) this.#newest[range]!.add(hash, number);
    this.#knownTo = Math.max(this.#knownTo, number);
  }

  /** What is on disk need not be in memory. */
  #readEnds(sql: Sql): void {
    const { ends } = sql.get<{ ends: string }>('SELECT ends FROM request_index_parts')!;
    if (ends === this.#writtenEnds) return;
    const before = this.#ends;
    this.#ends = JSON.parse(ends) as number[];
    if (this.#writtenEnds === '') this.#knownTo = Math.min(...this.#ends);
    this.#writtenEnds = ends;
    for (const [range, end] of this.#ends.entries()) {
      if (end === before[range]) continue;
      this.#newest[range]!.keepOnly(({ number }) => {
        if (number <= end) this.#removed.delete(number);
        return number > end;
      });
    }
  }

  #flush(sql: Sql, ranges: readonly number[]): void {
    const ends = [...this.#ends];
    for (const range of ranges) {
      const entries = this.#newest[range]!.entries();
      entries.sort((one, other) => one.hash - other.hash);
      for (const entry of entries) this.#put(sql, entry);
      ends[range] = this.#knownTo;
    }
    sql.run('UPDATE request_index_parts SET ends = ?', JSON.stringify(ends));
  }

  #put(sql: Sql, { hash, number }: HashedNumber): void {
    const mayBeGone = this.#hasOthers || this.#removed.has(number);
    if (mayBeGone) {
      const there = sql.get(`SELECT 1 FROM operations WHERE number = ? AND kind <> ''`, number);
      if (!there) return;
    }
    sql.run(
      'INSERT OR IGNORE INTO request_index (hash, number, mark) VALUES (?, ?, ?)',
      hash,
      number,
      (hash + number * 7) % 65521,
    );
  }
}

function rangeOf(hash: number): number {
  return Math.floor(hash / (2 ** requestHashBits / rangeCount));
}

function rowOf(sql: Sql, number: number, requestId: string): OperationRow | undefined {
  return readRow<OperationRow>(
    sql,
    `${selectOperation} WHERE o.number = ? AND o.request_id = ?`,
    ...[number, requestId],
  );
}
