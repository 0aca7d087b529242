import type { Sql } from '@trivium/sqlite';
import type { Claim, ClaimedOperation } from '../operation-store.ts';
import type { Lease } from '../run-changes.ts';
import { StoreDamaged } from '../store-errors.ts';
import type { NewStoredEvent } from '../stored.ts';
import { hasEnded } from './home.ts';
import { readRow } from './read-rows.ts';
import { damaged, selectOperation, toStoredOperation } from './rows.ts';
import { setAsideOwner } from './set-aside.ts';
import { writeEvent } from './write-rows.ts';
import type { OperationRow } from './rows.ts';

/** Which process asks: where it lives, its id there, and what tells it from others that had that id. */
export interface Asking {
  readonly home: string;
  readonly processId: number;
  readonly incarnation: string;
}

/** Takes over what nobody holds. */
export function claim(
  sql: Sql,
  input: {
    owner: string;
    kinds: readonly string[];
    limit: number;
    event: Pick<NewStoredEvent, 'kind' | 'description'>;
    nowMs: number;
  } & Asking,
): Claim {
  const { kinds, limit } = input;
  const claimed: ClaimedOperation[] = [];
  const setAside: string[] = [];
  const marks = kinds.map(() => '?').join(', ');
  for (const from of ['', ...goneOwners(sql, input)]) {
    const left = limit - claimed.length - setAside.length;
    if (left === 0) break;
    const free = sql.all<{ number: number }>(
      `SELECT number FROM operations WHERE owner = ? AND kind IN (${marks}) ORDER BY number LIMIT ?`,
      ...[from, ...kinds, left],
    );
    for (const { number } of free) {
      try {
        claimed.push(take(sql, { ...input, number }));
      } catch (error) {
        if (!(error instanceof StoreDamaged)) throw error;
        setAside.push(putAside(sql, number));
      }
    }
  }
  return { claimed, setAside };
}

/** Makes an owner's leases last; tells whether they had run out, and which ones it then still has. */
export function renew(
  sql: Sql,
  input: { owner: string; leaseMs: number; nowMs: number } & Asking,
): { hadExpired: boolean; held?: readonly Lease[] } {
  const { owner, leaseMs, nowMs, home, processId, incarnation } = input;
  const before = sql.get<{ expires_ms: number }>(
    'SELECT expires_ms FROM owners WHERE owner = ?',
    owner,
  );
  sql.run(
    `INSERT INTO owners (owner, expires_ms, home, process_id, incarnation)
     VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (owner) DO UPDATE SET expires_ms = ?2`,
    ...[owner, nowMs + leaseMs, home, processId, incarnation],
  );
  if ((before?.expires_ms ?? Infinity) > nowMs) return { hadExpired: false };
  const held = sql.all<Lease & object>(
    'SELECT id, number, owner, attempt AS token FROM operations WHERE owner = ?',
    owner,
  );
  return { hadExpired: true, held };
}

/** Gives up some leases. */
export function release(sql: Sql, { leases }: { leases: readonly Lease[] }): void {
  for (const { number, owner, token } of leases) {
    sql.run(
      `UPDATE operations SET owner = '' WHERE number = ? AND owner = ? AND attempt = ?`,
      ...[number, owner, token],
    );
  }
}

/** Gives up all leases of an owner. */
export function leave(sql: Sql, { owner }: { owner: string }): void {
  sql.run(`UPDATE operations SET owner = '' WHERE owner = ?`, owner);
  sql.run('DELETE FROM owners WHERE owner = ?', owner);
}

/** Lets the leases of owners run out now, because the process that had them stops using the store. */
export function expire(sql: Sql, owners: readonly string[]): void {
  for (const owner of owners) sql.run('UPDATE owners SET expires_ms = 0 WHERE owner = ?', owner);
}

/** The owners whose leases have run out, or whose processes have ended. */
function goneOwners(
  sql: Sql,
  { owner: asking, nowMs, home, processId, incarnation }: { owner: string; nowMs: number } & Asking,
): string[] {
  const owners = sql.all<{
    owner: string;
    expires_ms: number;
    home: string;
    process_id: number;
    incarnation: string;
  }>('SELECT * FROM owners WHERE owner <> ?', asking);
  const isGone = (row: (typeof owners)[number]): boolean => {
    if (row.expires_ms <= nowMs) return true;
    if (row.home !== home) return false;
    return row.process_id === processId
      ? row.incarnation !== incarnation
      : hasEnded(row.process_id);
  };
  return owners.filter(isGone).map(({ owner }) => owner);
}

function take(
  sql: Sql,
  input: {
    number: number;
    owner: string;
    event: Pick<NewStoredEvent, 'kind' | 'description'>;
    nowMs: number;
  },
): ClaimedOperation {
  const { number, owner, event, nowMs } = input;
  // Read first: what is damaged is to stay as it is.
  const row = readRow<OperationRow>(sql, `${selectOperation} WHERE o.number = ?`, number);
  if (!row) throw damaged(`the operation with number ${number}`);
  const before = toStoredOperation(row, nowMs);
  const attempt = before.attempt + 1;
  sql.run(
    'UPDATE operations SET owner = ?, attempt = ? WHERE number = ?',
    ...[owner, attempt, number],
  );
  let { lastSequence } = before;
  if (attempt > 1) {
    lastSequence += 1;
    const told = { ...event, attempt, sequence: lastSequence, timeMs: nowMs, last: false };
    writeEvent(sql, { number, id: before.id }, told);
  }
  return {
    operation: { ...before, attempt, lastSequence, owner },
    lease: { id: row.id, number, owner, token: attempt },
  };
}

function putAside(sql: Sql, number: number): string {
  sql.run('UPDATE operations SET owner = ? WHERE number = ?', setAsideOwner, number);
  const row = sql.get<{ id: string }>('SELECT id FROM operations WHERE number = ?', number);
  return row?.id ?? `number ${number}`;
}
