import type { StockLevel } from '@trivium/contracts/shop/inventory/v1/inventory';
import type { Evidence } from '../evidence/evidence.ts';
import { completedOrders } from './completed-orders.ts';
import type { Invariant } from './invariant.ts';

const isConserved = (level: Pick<StockLevel, 'onHand' | 'reserved' | 'shipped' | 'received'>) =>
  level.onHand + level.reserved + level.shipped === level.received;

const described = (level: StockLevel) =>
  `${level.onHand} on hand + ${level.reserved} reserved + ${level.shipped} shipped, ${level.received} received`;

const conserved: Invariant = {
  name: 'stock is conserved: on hand + reserved + shipped = received, for every SKU',
  violations: ({ stock, books }) => {
    const received = new Map(stock.before.map((level) => [level.sku, level.received]));
    return [
      ...stock.after
        .filter((level) => !isConserved(level) || level.received !== received.get(level.sku))
        .map((level) => `${level.sku}: ${described(level)}, ${received.get(level.sku)} before`),
      ...books.stock
        .filter(
          (row) => !isConserved(row) || row.reserved !== row.held || row.shipped !== row.committed,
        )
        .map(
          (row) =>
            `${row.sku}: ${described(row)}; reservations hold ${row.held}, shipped ${row.committed}`,
        ),
    ];
  },
};

const settled: Invariant = {
  name: 'what was shipped is what completed orders hold, and nothing stays reserved',
  violations: (evidence) => {
    const sold = new Map<string, bigint>();
    for (const { lines } of completedOrders(evidence)) {
      for (const { sku, quantity } of lines)
        sold.set(sku, (sold.get(sku) ?? 0n) + BigInt(quantity));
    }
    const shippedBefore = new Map(evidence.stock.before.map(({ sku, shipped }) => [sku, shipped]));
    return [
      ...evidence.stock.after.flatMap(({ sku, shipped, reserved }) => {
        const due = (shippedBefore.get(sku) ?? 0n) + (sold.get(sku) ?? 0n);
        return [
          ...(shipped === due ? [] : [`${sku}: ${shipped} shipped, and orders hold ${due}`]),
          ...(reserved === 0n ? [] : [`${sku}: ${reserved} still reserved`]),
        ];
      }),
      ...reservationsOfNoOrder(evidence),
    ];
  },
};

function reservationsOfNoOrder({ books, orders }: Evidence): string[] {
  const known = new Set(orders.flatMap(({ orderIds }) => [...orderIds]));
  return books.reservations
    .filter(({ reservationId, state }) => !known.has(reservationId) || state === 'HELD')
    .map(({ reservationId, state }) => `reservation ${reservationId} is ${state}`);
}

/** What holds for the pieces. */
export const stockInvariants: readonly Invariant[] = [conserved, settled];
