import { LifecycleKind, type OperationEvent } from '@trivium/async';
import { type OrderEvent, OrderEventKind } from '@trivium/contracts/shop/checkout/v1/checkout';

/** What the engine's own events are called of an order. */
const lifecycle: Readonly<Record<string, OrderEventKind>> = {
  [LifecycleKind.ACCEPTED]: OrderEventKind.ORDER_EVENT_KIND_PLACED,
  [LifecycleKind.RESUMED]: OrderEventKind.ORDER_EVENT_KIND_RESUMED,
  [LifecycleKind.STEP_REPEATED]: OrderEventKind.ORDER_EVENT_KIND_RESUMED,
  [LifecycleKind.SUCCEEDED]: OrderEventKind.ORDER_EVENT_KIND_COMPLETED,
  [LifecycleKind.FAILED]: OrderEventKind.ORDER_EVENT_KIND_FAILED,
  [LifecycleKind.CANCELLED]: OrderEventKind.ORDER_EVENT_KIND_CANCELLED,
};

/** An event of an order's operation, as the contract has it. */
export const orderEvent = (event: OperationEvent): OrderEvent => ({
  sequence: BigInt(event.sequence),
  kind: lifecycle[event.kind] ?? (event.kind as OrderEventKind),
  time: event.time,
  description: event.description,
  error: event.error,
});
