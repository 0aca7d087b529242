import type { Sql } from '@trivium/sqlite';
import type { Line, Reservation, ReservationEnd } from './reservation.ts';

/** The reservation as it is booked: one whose time has passed may still be booked as HELD. */
export function findReservation(sql: Sql, reservationId: string): Reservation | undefined {
  const row = sql.get<Omit<Reservation, 'lines'>>(
    `SELECT reservation_id AS reservationId, state, ttl_ms AS ttlMs, expires_at_ms AS expiresAtMs
     FROM reservation WHERE reservation_id = ?`,
    reservationId,
  );
  if (!row) return undefined;
  const lines = sql.all<Line>(
    'SELECT sku, quantity FROM reservation_line WHERE reservation_id = ? ORDER BY position',
    reservationId,
  );
  return { ...row, lines };
}

/** Writes a new reservation with its lines. */
export function insertReservation(sql: Sql, reservation: Reservation): void {
  const { reservationId, state, ttlMs, expiresAtMs, lines } = reservation;
  sql.run('INSERT INTO reservation VALUES (?, ?, ?, ?)', reservationId, state, ttlMs, expiresAtMs);
  for (const [position, { sku, quantity }] of lines.entries()) {
    sql.run(
      'INSERT INTO reservation_line VALUES (?, ?, ?, ?)',
      reservationId,
      position,
      sku,
      quantity,
    );
  }
}

/** Writes how a held reservation ended. */
export function markEnded(sql: Sql, reservationId: string, end: ReservationEnd): void {
  sql.run('UPDATE reservation SET state = ? WHERE reservation_id = ?', end, reservationId);
}

/** The ids of up to `limit` reservations that are booked as HELD past their time, oldest first. */
export function overdueIds(
  sql: Sql,
  { nowMs, limit }: { nowMs: number; limit: number },
): readonly string[] {
  return sql
    .all<{ id: string }>(
      `SELECT reservation_id AS id FROM reservation
       WHERE state = 'HELD' AND expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?`,
      nowMs,
      limit,
    )
    .map(({ id }) => id);
}

/** The ids of all such reservations that hold any of these SKUs. */
export function overdueIdsHolding(
  sql: Sql,
  { nowMs, skus }: { nowMs: number; skus: readonly string[] },
): readonly string[] {
  return sql
    .all<{ id: string }>(
      `SELECT reservation_id AS id FROM reservation AS r
       WHERE state = 'HELD' AND expires_at_ms <= ? AND EXISTS (
         SELECT 1 FROM reservation_line AS l
         WHERE l.reservation_id = r.reservation_id AND l.sku IN (SELECT value FROM json_each(?))
       ) ORDER BY expires_at_ms`,
      nowMs,
      JSON.stringify(skus),
    )
    .map(({ id }) => id);
}

/** How many pieces of each SKU are booked as reserved by reservations past their time. */
export function overduePieces(sql: Sql, nowMs: number): ReadonlyMap<string, number> {
  const rows = sql.all<Line>(
    `SELECT l.sku, sum(l.quantity) AS quantity
     FROM reservation AS r JOIN reservation_line AS l USING (reservation_id)
     WHERE r.state = 'HELD' AND r.expires_at_ms <= ? GROUP BY l.sku`,
    nowMs,
  );
  return new Map(rows.map(({ sku, quantity }) => [sku, quantity]));
}
