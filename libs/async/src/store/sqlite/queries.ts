import type { Sql, SqlValue } from '@trivium/sqlite';
import type { EventPage } from '../operation-store.ts';
import type { OperationFilter, StoredEvent, StoredOperation, StoredStep } from '../stored.ts';
import { readRow, readRows } from './read-rows.ts';
import {
  damaged,
  firstEvent,
  lastEvent,
  selectOperation,
  toStoredEvent,
  toStoredOperation,
  toStoredStep,
} from './rows.ts';
import type { EventRow, OperationRow, StepRow } from './rows.ts';

/** Those that have not ended, for a FROM. */
const unended = 'INDEXED BY operations_by_owner WHERE owner IS NOT NULL';

/** One operation by its id. */
export function operationBy(
  sql: Sql,
  { id, nowMs }: { id: string; nowMs: number },
): StoredOperation | undefined {
  const row = readRow<OperationRow>(sql, `${selectOperation} WHERE o.id = ?`, id);
  const operation = row && toStoredOperation(row, nowMs);
  if (operation && operation.id !== id) throw damaged(`the index of operation ${id}`);
  return operation;
}

/** A page of operations, newest first. */
export function operations(
  sql: Sql,
  options: { filter: OperationFilter; before?: number; limit: number; nowMs: number },
): StoredOperation[] {
  const { filter, before = Number.MAX_SAFE_INTEGER, limit, nowMs } = options;
  const conditions: [string, SqlValue | undefined][] = [
    ['o.number < ?', before],
    ['o.kind = ?', filter.kind],
    ['o.create_time_ms >= ?', filter.createdFromMs],
    ['o.create_time_ms < ?', filter.createdBeforeMs],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  const where = [`o.kind <> ''`, ...given.map(([condition]) => condition)];
  if (filter.done === true) where.push('o.end_time_ms IS NOT NULL');
  // Those that have not ended are few: they are found by who holds them.
  if (filter.done === false) {
    where.push(`o.number IN (SELECT number FROM operations ${unended})`);
  }
  const rows = readRows<OperationRow>(
    sql,
    `${selectOperation} WHERE ${where.join(' AND ')} ORDER BY o.number DESC LIMIT ?`,
    ...given.map(([, value]) => value!),
    limit,
  );
  return rows.map((row) => toStoredOperation(row, nowMs));
}

/** A page of events; undefined when there is no such operation. */
export function events(
  sql: Sql,
  { id, after, limit }: { id: string; after: number; limit: number },
): EventPage | undefined {
  const row = readRow<OperationRow>(sql, `${selectOperation} WHERE o.id = ?`, id);
  if (!row) return undefined;
  const { lastSequence, endTimeMs } = toStoredOperation(row, 0);
  const ended = endTimeMs !== undefined;
  const page: StoredEvent[] = after === 0 && limit > 0 ? [firstEvent(row)] : [];
  const lastTold = ended ? lastSequence - 1 : lastSequence;
  if (after < lastTold && page.length < limit) {
    const told = readRows<EventRow>(
      sql,
      `SELECT * FROM operation_events WHERE number = ? AND sequence > ? AND sequence <= ?
       ORDER BY sequence LIMIT ?`,
      ...[row.number, after, lastTold, limit - page.length],
    );
    for (const each of told) page.push(toStoredEvent(id, each));
  }
  if (ended && after < lastSequence && page.length < limit) page.push(lastEvent(row));
  const isWhole =
    page.every(({ sequence }, index) => sequence === after + index + 1) &&
    page.length === Math.min(limit, Math.max(0, lastSequence - after));
  if (!isWhole) throw damaged(`the log of operation ${id}`);
  return { events: page, lastSequence, ended };
}

/** All steps of an operation. */
export function steps(sql: Sql, id: string): StoredStep[] {
  const operation = sql.get<{ number: number }>('SELECT number FROM operations WHERE id = ?', id);
  if (!operation) return [];
  const { number } = operation;
  return readRows<StepRow>(
    sql,
    'SELECT * FROM operation_steps WHERE number = ? ORDER BY place',
    number,
  ).map((row) => toStoredStep(id, row));
}

/** The operations of an owner that are to be cancelled. */
export function cancelRequested(sql: Sql, owner: string): string[] {
  const rows = sql.all<{ id: string }>(
    'SELECT id FROM operations WHERE owner = ? AND cancel_requested = 1',
    owner,
  );
  return rows.map(({ id }) => id);
}

/** How many operations of each kind have not ended. */
export function unfinished(sql: Sql): { kind: string; count: number }[] {
  return sql.all(
    `SELECT kind, count(*) AS count FROM operations ${unended} GROUP BY kind ORDER BY kind`,
  );
}
