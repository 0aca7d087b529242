import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { bind, createClient, defineConfig, openChannel } from '@trivium/rpc';
import { runService, serviceVariables } from '@trivium/rpc';
import { telemetry } from '../index.ts';

await runService({
  name: 'gateway',
  config: defineConfig(serviceVariables({ port: 50057 })),
  extensions: [telemetry],
  start: (_, { clientInterceptors }) => {
    const channel = openChannel(process.env['FULFILLMENT'] ?? '127.0.0.1:50055');
    const fulfillment = createClient(FulfillmentDefinition, channel, {
      interceptors: clientInterceptors,
    });
    return {
      services: [
        bind(FulfillmentDefinition, {
          getShipment: (request) => fulfillment.getShipment(request),
          fulfill: () => {
            throw new Error('not here');
          },
        }),
      ],
      close: () => channel.close(),
    };
  },
});
