import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { bind, Code, defineConfig, RpcError, runService, serviceVariables } from '../index.ts';

await runService({
  name: 'fulfillment',
  config: defineConfig(serviceVariables({ port: 50055 })),
  start: () => ({
    services: [
      bind(FulfillmentDefinition, {
        async getShipment({ orderId }) {
          if (orderId !== 'o-1') throw new RpcError(Code.NOT_FOUND, `no order ${orderId}`);
          return { shipment: { orderId, carrierId: 'dhl' } };
        },
        async *fulfill({ afterSequence }) {
          yield { event: { sequence: afterSequence + 1n, description: 'picked' } };
          yield { event: { sequence: afterSequence + 2n, description: 'packed' } };
        },
      }),
    ],
  }),
});
