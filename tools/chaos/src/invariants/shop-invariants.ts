import { OrderState } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Invariant } from './invariant.ts';

/** How many events the shipment of a delivered parcel has: accepted, picked, packed, handed over, delivered. */
const shipmentLength = 5;

const delivered: Invariant = {
  name: 'the parcel of every completed order was delivered, and no other was made',
  violations: ({ orders }) =>
    orders.flatMap(({ afterwards }) => {
      if (!afterwards?.order) return [];
      const { orderId, order, shipmentEvents } = afterwards;
      const due = order.state === OrderState.ORDER_STATE_COMPLETED ? shipmentLength : undefined;
      if (shipmentEvents === due) return [];
      return [
        `${orderId}: its shipment has ${shipmentEvents ?? 'no'} events, and ${due ?? 'none'} were due`,
      ];
    }),
};

const back: Invariant = {
  name: 'every service that was killed came back on its own data',
  violations: ({ notBack }) => [...notBack],
};

const whole: Invariant = {
  name: 'every database is whole',
  violations: ({ books }) => [...books.damage],
};

/** What holds for the services. */
export const shopInvariants: readonly Invariant[] = [delivered, back, whole];
