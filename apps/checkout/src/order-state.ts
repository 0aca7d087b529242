import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Status } from '@trivium/contracts/google/rpc/status';
import {
  Order,
  OrderState,
  PlaceOrderMetadata,
  type PlaceOrderRequest,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import type { OperationRecord } from '@trivium/async';
import { Code, packAny } from '@trivium/rpc';

/** The order as it is when it is placed. */
export function placedOrder(orderId: string, request: PlaceOrderRequest, createTime: Date): Order {
  const { accountId, destination, carrierId } = request;
  const state = OrderState.ORDER_STATE_PLACED;
  return Order.fromPartial({ orderId, accountId, destination, carrierId, state, createTime });
}

/** What the order's operation shows of it. */
export const orderMetadata = (order: Order): Any =>
  packAny(PlaceOrderMetadata, { orderId: order.orderId, order });

/** The order that ended with an error. */
export function endedOrder(order: Order, error: Status): Order {
  const wasCancelled = error.code === Code.CANCELLED;
  const state = wasCancelled ? OrderState.ORDER_STATE_CANCELLED : OrderState.ORDER_STATE_FAILED;
  return { ...order, state, error };
}

/** The order as its operation has it: while it runs from its metadata, and after that from its result. */
export function orderOf({ metadata, result }: OperationRecord): Order {
  if (result?.$case === 'response') return Order.decode(result.value.value);
  const { order } = PlaceOrderMetadata.decode(metadata?.value ?? new Uint8Array());
  const known = order ?? Order.fromPartial({});
  return result ? endedOrder(known, result.value) : known;
}
