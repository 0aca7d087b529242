import { randomUUID } from 'node:crypto';
import { createEventStream, type Operations, operationName, toOperation } from '@trivium/async';
import {
  type CheckoutDefinition,
  PlaceOrderRequest,
  WatchOrderResponse,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Handlers } from '@trivium/rpc';
import { orderEvent } from './order-event.ts';
import { orderMetadata, orderOf, placedOrder } from './order-state.ts';
import type { QuotePlan } from './quote-plan.ts';
import { quote } from './quote.ts';

/** What the handlers work with. */
export interface Checkout {
  readonly quotePlan: QuotePlan;
  readonly operations: Operations<'placeOrder'>;
}

/** How long before its own deadline a quote ends with what is there, so that its answer still arrives. */
const replyMarginMs = 50;

/** What checkout does when it is called. */
export function createHandlers({
  quotePlan,
  operations,
}: Checkout): Handlers<typeof CheckoutDefinition> {
  const watchOrder = createEventStream({
    operations,
    type: WatchOrderResponse,
    toResponse: (event) => ({ event: orderEvent(event) }),
  });
  return {
    quote: (request, { signal, deadline }) =>
      quote(quotePlan, request, { signal, deadlineMs: deadline - Date.now() - replyMarginMs }),

    async placeOrder(request) {
      const id = randomUUID();
      const record = await operations.start({
        kind: 'placeOrder',
        id,
        requestId: request.requestId,
        request: PlaceOrderRequest.encode(request).finish(),
        metadata: orderMetadata(placedOrder(id, request, new Date())),
      });
      return toOperation(record);
    },

    watchOrder: ({ orderId, afterSequence }, call) =>
      watchOrder(operationName(orderId), { after: Number(afterSequence), call }),

    async getOrder({ orderId }) {
      return { order: orderOf(await operations.get(operationName(orderId))) };
    },
  };
}
