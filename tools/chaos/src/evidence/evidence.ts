import type { Order } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { StockLevel } from '@trivium/contracts/shop/inventory/v1/inventory';
import type { OrderRecord } from '../traffic/order-record.ts';
import type { Watch } from '../traffic/watch.ts';
import type { Books } from './books.ts';

/** An order as the services tell of it after all faults; absent is what they do not know. */
export interface Afterwards {
  readonly orderId: string;
  /** What a watcher sees who begins at 0. */
  readonly late: Watch;
  readonly order: Order | undefined;
  /** Whether its operation is there and done. */
  readonly isDone: boolean;
  /** How many events its shipment has; undefined without a shipment. */
  readonly shipmentEvents: number | undefined;
  /** The ids that the same request, sent once more, is answered with. */
  readonly repeated: string;
}

/** One order, during the faults and after them. */
export interface OrderEvidence extends OrderRecord {
  /** Undefined for one that was never acknowledged. */
  readonly afterwards: Afterwards | undefined;
}

/** All that the verdicts are based on. */
export interface Evidence {
  readonly orders: readonly OrderEvidence[];
  /** The ids of all orders that checkout lists. */
  readonly listed: readonly string[];
  /** By inventory's own answers: before the first order and after the last. */
  readonly stock: { readonly before: readonly StockLevel[]; readonly after: readonly StockLevel[] };
  /** What the databases say, read past their services. */
  readonly books: Books;
  /** Services that did not come back, with what they said. */
  readonly notBack: readonly string[];
  /** Whether nothing moved any more, and the run was given up. */
  readonly stalled: boolean;
}
