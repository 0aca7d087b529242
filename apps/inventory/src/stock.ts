import type { Sql } from '@trivium/sqlite';
import { UnknownSkus } from './refusals.ts';
import type { Line } from './reservation.ts';

/** The pieces of one product, by where they are: onHand + reserved + shipped = received. */
export interface StockLevel {
  readonly sku: string;
  /** Pieces that can be reserved. */
  readonly onHand: number;
  /** Pieces that reservations hold. */
  readonly reserved: number;
  /** Pieces that have left the house. */
  readonly shipped: number;
  /** Pieces that ever came in. */
  readonly received: number;
}

/** The levels as they are booked, in the order of `skus`. Throws {@link UnknownSkus}. */
export function bookedLevels(sql: Sql, skus: readonly string[]): StockLevel[] {
  const rows = skus.map((sku) =>
    sql.get<StockLevel>(
      'SELECT sku, on_hand AS onHand, reserved, shipped, received FROM stock WHERE sku = ?',
      sku,
    ),
  );
  const unknown = skus.filter((_sku, index) => rows[index] === undefined);
  if (unknown.length > 0) throw new UnknownSkus(unknown);
  return rows as StockLevel[];
}

const moves = {
  hold: 'UPDATE stock SET on_hand = on_hand - ?1, reserved = reserved + ?1 WHERE sku = ?2',
  giveBack: 'UPDATE stock SET reserved = reserved - ?1, on_hand = on_hand + ?1 WHERE sku = ?2',
  ship: 'UPDATE stock SET reserved = reserved - ?1, shipped = shipped + ?1 WHERE sku = ?2',
};

/**
 * Moves pieces from one count to another: `hold` takes them off the shelf for a reservation,
 * `giveBack` puts them back, `ship` sends them away. A count that would fall below zero fails the
 * table's check.
 */
export function movePieces(sql: Sql, move: keyof typeof moves, lines: readonly Line[]): void {
  for (const { sku, quantity } of lines) sql.run(moves[move], quantity, sku);
}

/** Books the first pieces of products that are new to the inventory. */
export function receive(sql: Sql, lines: readonly Line[]): void {
  for (const { sku, quantity } of lines) {
    sql.run('INSERT INTO stock VALUES (?1, ?2, 0, 0, ?2)', sku, quantity);
  }
}
