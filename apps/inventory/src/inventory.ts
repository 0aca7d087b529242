import type { Database, Sql } from '@trivium/sqlite';
import {
  InsufficientStock,
  ReservationEnded,
  ReservationIdReused,
  UnknownReservation,
} from './refusals.ts';
import { sameBody } from './reservation.ts';
import type { Line, Reservation, ReservationEnd } from './reservation.ts';
import {
  findReservation,
  insertReservation,
  markEnded,
  overdueIds,
  overdueIdsHolding,
  overduePieces,
} from './reservation-table.ts';
import { bookedLevels, movePieces } from './stock.ts';
import type { StockLevel } from './stock.ts';

/** How long pieces are held when the caller does not say: 15 minutes. */
export const DEFAULT_TTL_MS = 15 * 60_000;

// Each batch is one turn of the event loop that no request gets into.
const EXPIRED_PER_WRITE = 200;

/** The stock of the shop and what is held of it. What it answers is on disk. */
export interface Inventory {
  /** The levels of these SKUs, in their order. Throws `UnknownSkus`. */
  levels(skus: readonly string[]): StockLevel[];
  /**
   * Holds the pieces of all lines or of none. An id that is known returns its reservation as it is
   * now. Rejects with `ReservationIdReused`, `UnknownSkus` or `InsufficientStock`.
   */
  reserve(request: {
    reservationId: string;
    /** Each SKU once, quantities above zero. */
    lines: readonly Line[];
    /** Default: {@link DEFAULT_TTL_MS}. */
    ttlMs?: number;
  }): Promise<Reservation>;
  /** Ships what is held. Rejects with `UnknownReservation` or `ReservationEnded`. */
  commit(reservationId: string): Promise<Reservation>;
  /** Gives back what is held. Rejects with `UnknownReservation` or `ReservationEnded`. */
  release(reservationId: string): Promise<Reservation>;
  /** Books the end of every reservation whose time has passed, and returns how many there were. */
  expireOverdue(): Promise<number>;
}

/**
 * Creates an inventory on a database that has its tables.
 *
 * A reservation ends when its time comes, whether or not somebody has booked that yet: reads count
 * its pieces as on hand, and every write books the ends that it meets before it decides anything.
 * `clock` gives the time in epoch milliseconds.
 */
export function createInventory({
  db,
  clock = Date.now,
}: {
  db: Database;
  clock?: () => number;
}): Inventory {
  async function endAs(
    reservationId: string,
    { end, accept }: { end: ReservationEnd; accept: readonly Reservation['state'][] },
  ): Promise<Reservation> {
    const reservation = await db.write((sql) => {
      const found = findAsOf(sql, reservationId, clock());
      if (!found) throw new UnknownReservation(reservationId);
      return found.state === 'HELD' ? endReservation(sql, found, end) : found;
    });
    // After the write, so that an end by time that it met is booked whatever the answer.
    if (!accept.includes(reservation.state)) throw new ReservationEnded(reservation);
    return reservation;
  }

  return {
    levels: (skus) =>
      db.read((sql) => {
        const overdue = overduePieces(sql, clock());
        return bookedLevels(sql, skus).map((level) => {
          const pieces = overdue.get(level.sku) ?? 0;
          return { ...level, onHand: level.onHand + pieces, reserved: level.reserved - pieces };
        });
      }),

    reserve: ({ reservationId, lines, ttlMs = DEFAULT_TTL_MS }) =>
      db.write((sql) => {
        const nowMs = clock();
        const known = findAsOf(sql, reservationId, nowMs);
        if (known) {
          if (!sameBody(known, { lines, ttlMs })) throw new ReservationIdReused(reservationId);
          return known;
        }
        const skus = lines.map(({ sku }) => sku);
        expire(sql, overdueIdsHolding(sql, { nowMs, skus }));
        requireStock(sql, lines);
        const reservation: Reservation = {
          reservationId,
          lines,
          state: 'HELD',
          ttlMs,
          expiresAtMs: nowMs + ttlMs,
        };
        movePieces(sql, 'hold', lines);
        insertReservation(sql, reservation);
        return reservation;
      }),

    commit: (reservationId) => endAs(reservationId, { end: 'COMMITTED', accept: ['COMMITTED'] }),

    release: (reservationId) =>
      endAs(reservationId, { end: 'RELEASED', accept: ['RELEASED', 'EXPIRED'] }),

    expireOverdue: async () => {
      let expired = 0;
      for (;;) {
        const booked = await db.write((sql) =>
          expire(sql, overdueIds(sql, { nowMs: clock(), limit: EXPIRED_PER_WRITE })),
        );
        expired += booked;
        if (booked < EXPIRED_PER_WRITE) return expired;
      }
    },
  };
}

/** The reservation as it is at `nowMs`; books its end if its time has passed. */
function findAsOf(sql: Sql, reservationId: string, nowMs: number): Reservation | undefined {
  const found = findReservation(sql, reservationId);
  return found?.state === 'HELD' && found.expiresAtMs <= nowMs
    ? endReservation(sql, found, 'EXPIRED')
    : found;
}

function endReservation(sql: Sql, held: Reservation, end: ReservationEnd): Reservation {
  movePieces(sql, end === 'COMMITTED' ? 'ship' : 'giveBack', held.lines);
  markEnded(sql, held.reservationId, end);
  return { ...held, state: end };
}

function expire(sql: Sql, reservationIds: readonly string[]): number {
  for (const id of reservationIds) endReservation(sql, findReservation(sql, id)!, 'EXPIRED');
  return reservationIds.length;
}

function requireStock(sql: Sql, lines: readonly Line[]): void {
  const levels = bookedLevels(
    sql,
    lines.map(({ sku }) => sku),
  );
  const shortages = lines
    .map(({ sku, quantity }, index) => ({
      sku,
      wanted: quantity,
      available: levels[index]!.onHand,
    }))
    .filter(({ wanted, available }) => wanted > available);
  if (shortages.length > 0) throw new InsufficientStock(shortages);
}
