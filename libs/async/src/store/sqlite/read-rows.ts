import type { Sql, SqlValue } from '@trivium/sqlite';
import { damaged } from './rows.ts';

/** The first row of a query. Throws `StoreDamaged` for one that cannot be read. */
export function readRow<Row extends object>(
  sql: Sql,
  text: string,
  ...params: SqlValue[]
): Row | undefined {
  return readable(() => sql.get<Row>(text, ...params));
}

/** All rows of a query, otherwise as `readRow`. */
export function readRows<Row extends object>(sql: Sql, text: string, ...params: SqlValue[]): Row[] {
  return readable(() => sql.all<Row>(text, ...params));
}

/**
 * With these codes node:sqlite says that a number is too large for JavaScript, or that there is nothing
 * to look for. A store writes no such number, and knows what it looks for: but a flipped bit can make
 * the one in a row, and a column that is not there in the tables' description.
 */
const ofDamage: ReadonlySet<unknown> = new Set(['ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE']);

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (ofDamage.has((error as { code?: unknown }).code)) throw damaged('a row');
    throw error;
  }
}
