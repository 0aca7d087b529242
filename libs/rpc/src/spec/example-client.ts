import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { createClient, openChannel } from '../index.ts';

const channel = openChannel(process.env['FULFILLMENT'] ?? '127.0.0.1:50055');
const fulfillment = createClient(FulfillmentDefinition, channel);

const { shipment } = await fulfillment.getShipment({ orderId: 'o-1' }, { timeoutMs: 500 });
console.log(shipment?.carrierId);

const order = {
  orderId: 'o-1',
  lines: [{ sku: 'MUG-1', quantity: 1 }],
  destination: { country: 'DE', postalCode: '10115' },
  carrierId: 'dhl',
};
fulfillment.fulfill(order).subscribe({
  next: ({ event }) => console.log(event?.description),
  complete: () => channel.close(),
});
