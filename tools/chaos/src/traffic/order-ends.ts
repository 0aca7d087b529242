import { OrderEventKind as Kind } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Ending } from '../plan/order-plan.ts';

const endings = new Map<Kind, Ending>([
  [Kind.ORDER_EVENT_KIND_COMPLETED, 'COMPLETED'],
  [Kind.ORDER_EVENT_KIND_FAILED, 'FAILED'],
  [Kind.ORDER_EVENT_KIND_CANCELLED, 'CANCELLED'],
]);

/** How an order ended with this event; undefined for an event that is not its last one. */
export const endingOf = ({ kind }: { readonly kind: Kind }): Ending | undefined =>
  endings.get(kind);

const names = new Map<number, string>(
  Object.entries(Kind).map(([name, kind]) => [
    kind as number,
    name.replace('ORDER_EVENT_KIND_', ''),
  ]),
);

/** An event's kind, for a person. */
export const kindName = ({ kind }: { readonly kind: Kind }): string =>
  names.get(kind) ?? String(kind);
