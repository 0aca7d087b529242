import { Order, OrderState } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { StockLevel } from '@trivium/contracts/shop/inventory/v1/inventory';
import type { Evidence, OrderEvidence } from '../evidence/evidence.ts';
import type { Watch } from '../traffic/watch.ts';
import { orderEvent } from './scripted-checkout.ts';

/** What a watcher of an order that went well saw. */
export const soundWatch = (): Watch => ({
  events: [orderEvent(1), orderEvent(2), orderEvent({ end: 3 })],
  connections: 1,
  violations: [],
});

/** An order of two pieces for 1000 that went well. */
export function soundOrder(): OrderEvidence {
  const lines = [{ sku: 'TWINE', quantity: 2 }];
  const destination = { country: 'DE', postalCode: '10115' };
  return {
    planned: {
      request: { requestId: 'r', accountId: 'bank', carrierId: 'postal', lines, destination },
      ...{ mayEnd: ['COMPLETED'], copies: 1, isContested: false },
    },
    orderIds: new Set(['o']),
    violations: [],
    watches: [soundWatch()],
    afterwards: {
      orderId: 'o',
      late: soundWatch(),
      order: Order.fromPartial({
        orderId: 'o',
        state: OrderState.ORDER_STATE_COMPLETED,
        total: { amountMinor: 1000n, currency: 'EUR' },
        lines,
      }),
      ...{ isDone: true, shipmentEvents: 5, repeated: 'o' },
    },
  };
}

/** The evidence of one order that went well. */
export function soundEvidence(): Evidence {
  const level = (more: Partial<StockLevel>): StockLevel => ({
    ...{ sku: 'TWINE', onHand: 10n, reserved: 0n, shipped: 0n, received: 10n },
    ...more,
  });
  const after = level({ onHand: 8n, shipped: 2n });
  return {
    orders: [soundOrder()],
    listed: ['o'],
    stock: { before: [level({})], after: [after] },
    books: {
      stock: [{ ...after, held: 0n, committed: 2n }],
      reservations: [{ reservationId: 'o', state: 'COMMITTED' }],
      payments: [{ paymentId: 'o', state: 'CAPTURED', amountMinor: 1000n }],
      ...{ transactions: 2, unbalanced: [], wrongBalances: [], heldMinor: 0n, damage: [] },
    },
    notBack: [],
    stalled: false,
  };
}
