import { type Order, OrderState } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Evidence } from '../evidence/evidence.ts';

/** The orders that went well, as checkout tells of them afterwards. */
export const completedOrders = ({ orders }: Evidence): Order[] =>
  orders
    .flatMap(({ afterwards }) => afterwards?.order ?? [])
    .filter(({ state }) => state === OrderState.ORDER_STATE_COMPLETED);
