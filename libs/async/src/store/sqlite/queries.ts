import type { Sql, SqlValue } from '@trivium/sqlite';
import type { EventPage } from '../operation-store.ts';
import type { OperationFilter, StoredOperation, StoredStep } from '../stored.ts';
import {
  damaged,
  selectOperation,
  toStoredEvent,
  toStoredOperation,
  toStoredStep,
} from './rows.ts';
import type { EventRow, OperationRow, StepRow } from './rows.ts';

/** One operation by its id, or by its request id. */
export function operationBy(
  sql: Sql,
  { column, key, nowMs }: { column: 'id' | 'request_id'; key: string; nowMs: number },
): StoredOperation | undefined {
  const row = sql.get<OperationRow>(`${selectOperation} WHERE o.${column} = ?`, key);
  const operation = row && toStoredOperation(row, nowMs);
  if (operation && ![operation.id, operation.requestId].includes(key)) {
    throw damaged(`the index of operation ${key}`);
  }
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
  // Those that have not ended are few: they are found by their leases.
  if (filter.done === false) where.push('o.number IN (SELECT number FROM leases)');
  const rows = sql.all<OperationRow>(
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
  const operation = sql.get<{ number: number; ended: number; last: number | null }>(
    `SELECT number, end_time_ms IS NOT NULL AS ended,
       (SELECT max(sequence) FROM operation_events e WHERE e.number = o.number) AS last
     FROM operations o WHERE id = ?`,
    id,
  );
  if (!operation) return undefined;
  const { number, last } = operation;
  if (last === null) throw damaged(`the log of operation ${id}`);
  const rows =
    after >= last
      ? []
      : sql.all<EventRow>(
          `SELECT * FROM operation_events WHERE number = ? AND sequence > ?
           ORDER BY sequence LIMIT ?`,
          ...[number, after, limit],
        );
  const page = rows.map((row) => toStoredEvent(id, row));
  const ended = operation.ended === 1;
  const isWhole =
    page.every(({ sequence }, index) => sequence === after + index + 1) &&
    page.length === Math.min(limit, Math.max(0, last - after)) &&
    page.every((event) => event.last === (ended && event.sequence === last));
  if (!isWhole) throw damaged(`the log of operation ${id}`);
  return { events: page, lastSequence: last, ended };
}

/** All steps of an operation. */
export function steps(sql: Sql, id: string): StoredStep[] {
  const operation = sql.get<{ number: number }>('SELECT number FROM operations WHERE id = ?', id);
  if (!operation) return [];
  const { number } = operation;
  return sql
    .all<StepRow>('SELECT * FROM operation_steps WHERE number = ? ORDER BY place', number)
    .map((row) => toStoredStep(id, row));
}

/** The operations of an owner that are to be cancelled. */
export function cancelRequested(sql: Sql, owner: string): string[] {
  const rows = sql.all<{ id: string }>(
    `SELECT o.id FROM leases l JOIN operations o USING (number)
     WHERE l.owner = ? AND l.cancel_requested = 1`,
    owner,
  );
  return rows.map(({ id }) => id);
}

/** How many operations of each kind have not ended. */
export function unfinished(sql: Sql): { kind: string; count: number }[] {
  return sql.all('SELECT kind, count(*) AS count FROM leases GROUP BY kind ORDER BY kind');
}
