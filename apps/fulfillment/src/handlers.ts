import type { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import type { Handlers } from '@trivium/rpc';
import type { ShipmentEvent } from './shipment-event.ts';
import type { Shipments } from './shipments.ts';

/** Serves the contract from the shipments. */
export function createHandlers(shipments: Shipments): Handlers<typeof FulfillmentDefinition> {
  return {
    async *fulfill({ afterSequence, ...order }, call) {
      const name = await shipments.accept(order);
      const after = Number(afterSequence);
      for await (const event of shipments.watch(name, { after, call })) {
        yield { event: toMessage(event) };
      }
    },

    async getShipment({ orderId }) {
      const { order, state, trackingNumber, events } = await shipments.get(orderId);
      const { lines, destination, carrierId } = order;
      return {
        shipment: {
          ...{ orderId, state, lines, destination, carrierId, trackingNumber },
          events: events.map(toMessage),
        },
      };
    },
  };
}

function toMessage({ sequence, ...event }: ShipmentEvent) {
  return { sequence: BigInt(sequence), ...event };
}
