/** A product and how many pieces of it. */
export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** How a reservation can end: shipped, given back on request, or given back by time. */
export type ReservationEnd = 'COMMITTED' | 'RELEASED' | 'EXPIRED';

/**
 * Pieces that are held for somebody.
 *
 *     HELD ── commit ──▶ COMMITTED
 *     HELD ── release ──▶ RELEASED
 *     HELD ── expiresAtMs is reached ──▶ EXPIRED
 */
export interface Reservation {
  readonly reservationId: string;
  /** In the order of the request, each SKU once. */
  readonly lines: readonly Line[];
  readonly state: 'HELD' | ReservationEnd;
  /** For how long it was to be held. */
  readonly ttlMs: number;
  /** When a held one ends by itself, in epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** What a caller asks to hold: the body that a reservation's id stands for. */
export type ReservationBody = Pick<Reservation, 'lines' | 'ttlMs'>;

/** Whether two bodies ask for the same: the same pieces, in any order, for the same time. */
export function sameBody(a: ReservationBody, b: ReservationBody): boolean {
  if (a.ttlMs !== b.ttlMs || a.lines.length !== b.lines.length) return false;
  const quantities = new Map(a.lines.map(({ sku, quantity }) => [sku, quantity]));
  return b.lines.every(({ sku, quantity }) => quantities.get(sku) === quantity);
}
