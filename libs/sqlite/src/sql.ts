import { constants } from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isPromise } from 'node:util/types';

/**
 * What a parameter may be. An integer may be given as number or bigint and is stored as an SQLite
 * integer; beyond `Number.MAX_SAFE_INTEGER` it is refused with a RangeError, since it could be
 * written but never read again. So is NaN, which SQLite would take for NULL.
 */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A row as it comes back: integers are numbers, blobs are `Uint8Array`s. */
export type SqlRow = Record<string, null | number | string | Uint8Array>;

/**
 * The statements that a read or write may run, with `?` for each parameter. It is valid until the
 * function that it was given to returns. Statements are prepared once per text, so texts should be
 * constants. Rows are plain objects; `Row` is the caller's claim and is not checked. An integer
 * column beyond `Number.MAX_SAFE_INTEGER` throws a RangeError. BEGIN, COMMIT, SAVEPOINT and the like
 * are refused.
 */
export interface Sql {
  /** The first row, or undefined when there is none. */
  get<Row extends object = SqlRow>(text: string, ...params: SqlValue[]): Row | undefined;
  /** All rows, in the order of the statement. */
  all<Row extends object = SqlRow>(text: string, ...params: SqlValue[]): Row[];
  /**
   * Runs a statement for its effect: `changes` counts the rows that it wrote or deleted, and `rowId`
   * is that of the row that was inserted last, if any was.
   */
  run(text: string, ...params: SqlValue[]): { changes: number; rowId: number };
}

/** What the function that holds the `Sql` may do; `idle` while there is none. */
type Mode = 'idle' | 'reading' | 'writing';

/** Runs functions on one connection, one at a time, and keeps each to what it may do. */
export interface SqlGuard {
  /** Throws unless no function is running. */
  assertIdle(): void;
  /**
   * Calls `work` and returns its result. A promise as its result is a TypeError: what follows its
   * first `await` would run after the transaction has ended.
   */
  perform<T>(mode: 'reading' | 'writing', work: (sql: Sql) => T): T;
}

// Enough for every constant text of a service, and a bound for one that builds its texts.
const statementsKept = 500;

/** Creates the guard of a connection; from here on, only the guard's functions use it. */
export function createSqlGuard(connection: DatabaseSync): SqlGuard {
  let mode: Mode = 'idle';
  // Apart, because SQLite asks for permission when it prepares a statement, not when it runs it.
  const prepared = {
    reading: new Map<string, PreparedStatement>(),
    writing: new Map<string, PreparedStatement>(),
  };

  connection.setAuthorizer((action, _subject, argument) => {
    if (mode === 'idle') return constants.SQLITE_OK;
    if (action === constants.SQLITE_TRANSACTION || action === constants.SQLITE_SAVEPOINT) {
      throw new Error('A read or write is a transaction already and cannot begin or end one.');
    }
    if (mode === 'reading' && !onlyReads(action, argument)) {
      throw new Error('A read cannot change the database: use write().');
    }
    return constants.SQLITE_OK;
  });

  function statement(text: string): PreparedStatement {
    if (mode === 'idle') {
      throw new Error('This Sql has ended with the read or write that it was given to.');
    }
    assertTransaction();
    const known = prepared[mode];
    let found = known.get(text);
    if (found === undefined) {
      found = new PreparedStatement(connection.prepare(text));
      if (known.size >= statementsKept) known.delete(known.keys().next().value ?? '');
      known.set(text, found);
    }
    return found;
  }

  const sql: Sql = {
    get: <Row>(text: string, ...params: SqlValue[]) =>
      statement(text).get(params) as Row | undefined,
    all: <Row>(text: string, ...params: SqlValue[]) => statement(text).all(params) as Row[],
    run: (text, ...params) => statement(text).run(params),
  };

  function assertIdle(): void {
    if (mode !== 'idle') {
      throw new Error('A read cannot start inside a read or write: use the Sql that it was given.');
    }
  }

  /** Some errors end the whole transaction; what came after would each be committed by itself. */
  function assertTransaction(): void {
    if (!connection.isTransaction) throw new Error('SQLite has rolled the transaction back.');
  }

  return {
    assertIdle,
    perform: (as, work) => {
      assertIdle();
      mode = as;
      try {
        const result = notThenable(work(sql));
        assertTransaction();
        return result;
      } finally {
        mode = 'idle';
      }
    },
  };
}

/** A statement, for any number of times. */
class PreparedStatement {
  readonly #statement: StatementSync;
  #columns: readonly string[] = [];

  constructor(statement: StatementSync) {
    this.#statement = statement;
    // The objects that node:sqlite makes of rows are dictionaries: several times as dear to make and to copy.
    statement.setReturnArrays(true);
  }

  get(params: readonly SqlValue[]): SqlRow | undefined {
    const values = this.#statement.get(...params.map(bound)) as Values | undefined;
    return values && this.#row(values);
  }

  all(params: readonly SqlValue[]): SqlRow[] {
    const rows = this.#statement.all(...params.map(bound)) as unknown as Values[];
    return rows.map((values) => this.#row(values));
  }

  run(params: readonly SqlValue[]): { changes: number; rowId: number } {
    const { changes, lastInsertRowid } = this.#statement.run(...params.map(bound));
    return { changes: Number(changes), rowId: Number(lastInsertRowid) };
  }

  #row(values: Values): SqlRow {
    // Once there is a row; another number of them means that the tables have changed.
    if (this.#columns.length !== values.length) {
      this.#columns = this.#statement.columns().map(({ name }) => name);
    }
    const row: SqlRow = {};
    for (const [index, name] of this.#columns.entries()) row[name] = values[index]!;
    return row;
  }
}

type Values = readonly SqlRow[string][];

function onlyReads(action: number, argument: string | null): boolean {
  switch (action) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_READ:
    case constants.SQLITE_FUNCTION:
    case constants.SQLITE_RECURSIVE:
      return true;
    case constants.SQLITE_PRAGMA:
      return argument === null;
    default:
      return false;
  }
}

function bound(value: SqlValue): SqlValue {
  // node:sqlite binds every number as a REAL, so that 5 would become '5.0' in a TEXT column.
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  if (Number.isNaN(value)) throw new RangeError('NaN cannot be stored.');
  if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
    throw new RangeError(`The integer ${value} is beyond Number.MAX_SAFE_INTEGER.`);
  }
  return value;
}

function notThenable<T>(result: T): T {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result;
  // The TypeError tells of the mistake; a second report would end the process.
  if (isPromise(result)) result.catch(() => undefined);
  throw new TypeError('A read or write has to be synchronous, but it returned a promise.');
}
