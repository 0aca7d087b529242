import type { Sql } from '@trivium/sqlite';
import { selectOperation } from './rows.ts';
import type { OperationRow } from './rows.ts';

/** How many of the newest operations are found in memory, about: then they go to the index on disk. */
const newestMax = 16_384;

/**
 * Finds operations by their request ids: the newest ones in memory, the others on disk, by hash.
 *
 * Request ids are random, so that each would change another page of an index, and that page would be
 * most of what a start writes. Sorted and all together they change each page once.
 *
 * Memory holds what is committed and nothing else: each transaction begins with a look at what there
 * is on disk, which other processes may have written, or a commit that failed may not. What memory
 * says is checked against the operation's row, which may have been removed.
 */
export class RequestIndex {
  /** Operations with higher numbers than this, up to `#knownTo`, are in `#newest`; others are on disk. */
  #indexedTo = -1;
  #knownTo = -1;
  readonly #newest = new Map<string, number>();
  /** Those of the present transaction. */
  readonly #present = new Map<string, number>();

  /** To be called first in each transaction. */
  begin(sql: Sql): void {
    this.#present.clear();
    const { number } = sql.get<{ number: number }>('SELECT number FROM request_index_end')!;
    if (number !== this.#indexedTo) {
      this.#newest.clear();
      this.#indexedTo = this.#knownTo = number;
    }
    const added = sql.all<{ number: number; request_id: string }>(
      'SELECT number, request_id FROM operations WHERE number > ? ORDER BY number',
      this.#knownTo,
    );
    for (const { number: each, request_id: requestId } of added) {
      this.#newest.set(requestId, each);
      this.#knownTo = each;
    }
    if (this.#newest.size >= newestMax) this.flush(sql);
  }

  /** The operation that was accepted under a request id. */
  find(sql: Sql, requestId: string, hash: number): OperationRow | undefined {
    const number = this.#present.get(requestId) ?? this.#newest.get(requestId);
    const newest = number === undefined ? undefined : rowOf(sql, number, requestId);
    if (newest) return newest;
    const indexed = sql.all<{ number: number }>(
      'SELECT number FROM request_index WHERE hash = ?',
      hash,
    );
    for (const each of indexed) {
      const row = rowOf(sql, each.number, requestId);
      if (row) return row;
    }
    return undefined;
  }

  /** Notes an operation that the present transaction accepts. */
  add(requestId: string, number: number): void {
    this.#present.set(requestId, number);
  }

  /** Puts everything that was committed into the index on disk. */
  flush(sql: Sql): void {
    if (this.#knownTo <= this.#indexedTo) return;
    sql.run(
      `INSERT INTO request_index (hash, number, mark)
       SELECT request_hash, number, (request_hash + number * 7) % 65521 FROM operations
       WHERE number > ? AND number <= ? AND kind <> '' ORDER BY request_hash`,
      ...[this.#indexedTo, this.#knownTo],
    );
    sql.run('UPDATE request_index_end SET number = ?', this.#knownTo);
  }
}

/** Takes an operation out of the index on disk, if it is there. */
export function removeFromIndex(sql: Sql, number: number): void {
  sql.run(
    `DELETE FROM request_index
     WHERE number = ?1 AND hash = (SELECT request_hash FROM operations WHERE number = ?1)`,
    number,
  );
}

function rowOf(sql: Sql, number: number, requestId: string): OperationRow | undefined {
  return sql.get<OperationRow>(
    `${selectOperation} WHERE o.number = ? AND o.request_id = ?`,
    ...[number, requestId],
  );
}
