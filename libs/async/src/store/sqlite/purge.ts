import type { Sql } from '@trivium/sqlite';
import type { RequestIndex } from './request-index.ts';

/** Deletes what belonged to operations that were removed, about `limit` rows; returns how many. */
export function purge(sql: Sql, limit: number): number {
  let purged = 0;
  while (purged < limit) {
    const next = sql.get<{ number: number }>('SELECT number FROM removed LIMIT 1');
    if (!next) break;
    const { number } = next;
    const { changes } = sql.run(
      `DELETE FROM operation_events WHERE number = ?1 AND sequence IN
         (SELECT sequence FROM operation_events WHERE number = ?1 ORDER BY sequence LIMIT ?2)`,
      ...[number, limit - purged],
    );
    purged += changes;
    if (purged >= limit) break;
    purged += 1 + sql.run('DELETE FROM operation_steps WHERE number = ?', number).changes;
    sql.run('DELETE FROM removed WHERE number = ?', number);
  }
  return purged;
}

/**
 * Removes an operation, and leaves its events and steps to `purge`. Of the one with the highest
 * number a row stays that nothing finds, until there is a higher one.
 */
export function removeOperation(
  sql: Sql,
  number: number,
  { requests }: { requests: RequestIndex },
): void {
  requests.remove(sql, number);
  const newest = 'SELECT max(number) AS number FROM operations';
  sql.run(`DELETE FROM operations WHERE end_time_ms = 0 AND number < (${newest})`);
  if (sql.get<{ number: number }>(newest)!.number === number) {
    // No id has a slash.
    sql.run(
      `UPDATE operations SET id = '/', request_id = '', request_hash = 0, kind = '',
         request = x'', metadata = NULL, end_time_ms = 0, response = x'', error = NULL
       WHERE number = ?`,
      number,
    );
  } else {
    sql.run('DELETE FROM operations WHERE number = ?', number);
  }
  sql.run('INSERT INTO removed VALUES (?)', number);
}
