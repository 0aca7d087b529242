import { ShipmentState } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import type { FulfillRequest } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { trackingNumber } from './tracking-number.ts';

/** What is fulfilled: the request without the place from which its caller watches. */
export type Order = Omit<FulfillRequest, 'afterSequence'>;

/** One stage of the work on an order. */
export interface Stage {
  /** Its name in the record of what was done: it never changes. */
  readonly id: string;
  /** What the shipment comes to by it. */
  readonly state: ShipmentState;
  /** What happened, for a person. */
  describe(order: Order): string;
}

/** The stages in their order. The first takes the time of one stage, the second that of two, … */
export const stages: readonly Stage[] = [
  {
    id: 'pick',
    state: ShipmentState.SHIPMENT_STATE_PICKED,
    describe: ({ lines }) => `Taken from the shelves: ${pieces(lines)}`,
  },
  {
    id: 'pack',
    state: ShipmentState.SHIPMENT_STATE_PACKED,
    describe: () => 'The box is closed',
  },
  {
    id: 'hand-over',
    state: ShipmentState.SHIPMENT_STATE_HANDED_OVER,
    describe: ({ orderId, carrierId }) =>
      `Handed over to ${carrierId} under ${trackingNumber(orderId, carrierId)}`,
  },
  {
    id: 'deliver',
    state: ShipmentState.SHIPMENT_STATE_DELIVERED,
    describe: ({ destination }) =>
      `Delivered to ${destination?.country ?? ''} ${destination?.postalCode ?? ''}`.trimEnd(),
  },
];

function pieces(lines: Order['lines']): string {
  const count = lines.reduce((total, { quantity }) => total + quantity, 0);
  return count === 1 ? '1 piece' : `${count} pieces`;
}
