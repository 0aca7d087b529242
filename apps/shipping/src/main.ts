import { ShippingDefinition } from '@trivium/contracts/shop/shipping/v1/shipping';
import { bind, runService } from '@trivium/rpc';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { createRateEngine } from './rate-engine.ts';
import { tariffs } from './tariffs.ts';

await runService({
  name: 'shipping',
  config,
  extensions: [telemetry],
  start: async ({ CARRIERS, CARRIER_DELAYS_MS }) => {
    const engine = createRateEngine({
      tariffs: tariffs.filter(({ carrierId }) => CARRIERS.includes(carrierId)),
      delaysMs: CARRIER_DELAYS_MS,
    });
    return { services: [bind(ShippingDefinition, createHandlers(engine), { errors })] };
  },
});
