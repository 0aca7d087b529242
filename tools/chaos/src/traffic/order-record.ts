import type { PlannedOrder } from '../plan/order-plan.ts';
import type { Watch } from './watch.ts';

/** What became of one order, as its callers and live watchers know it. */
export interface OrderRecord {
  readonly planned: PlannedOrder;
  /** Every id that an answer to its request id named: one, once it is acknowledged. */
  readonly orderIds: ReadonlySet<string>;
  /** Answers that nobody should have got. */
  readonly violations: readonly string[];
  /** What each live watcher saw. */
  readonly watches: readonly Watch[];
}

/** An order before anybody has heard of it. */
export const unsent = (planned: PlannedOrder): OrderRecord => ({
  planned,
  orderIds: new Set(),
  violations: [],
  watches: [],
});
