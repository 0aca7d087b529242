import type { Sql } from '@trivium/sqlite';
import type { Lease, StepChange } from '../run-changes.ts';
import type { StoredEvent } from '../stored.ts';
import { eventChecksum, stepChecksum } from './rows.ts';

/** Which operation something belongs to. */
type Place = Pick<Lease, 'number' | 'id'>;

/** Writes an event that is neither the first nor the last of its operation. */
export function writeEvent(sql: Sql, { number, id }: Place, event: StoredEvent): void {
  const { sequence, kind, timeMs, description, attempt, payload, error } = event;
  sql.run(
    `INSERT INTO operation_events
       (number, sequence, kind, time_ms, description, attempt, payload, error, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[number, sequence, kind, timeMs, description, attempt, payload ?? null, error ?? null],
    eventChecksum(id, event),
  );
}

/** Writes what is known of a step, in the place of what was known. */
export function writeStep(sql: Sql, { number, id: operationId }: Place, step: StepChange): void {
  const { id, attempt, startTimeMs, description, value, error } = step;
  sql.run(
    `INSERT INTO operation_steps
       (number, step_id, place, attempt, start_time_ms, description, value, error, checksum)
     VALUES (?1, ?2, (SELECT count(*) FROM operation_steps WHERE number = ?1), ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (number, step_id) DO UPDATE SET attempt = ?3, start_time_ms = ?4,
       description = ?5, value = ?6, error = ?7, checksum = ?8`,
    ...[number, id, attempt, startTimeMs, description ?? null, value ?? null, error ?? null],
    stepChecksum(operationId, step),
  );
}
