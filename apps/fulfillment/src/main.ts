import { join } from 'node:path';
import { openOperationStore } from '@trivium/async';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { bind, runService } from '@trivium/rpc';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { openShipments } from './shipments.ts';

await runService({
  name: 'fulfillment',
  config,
  extensions: [telemetry],
  start: async ({ DATA_DIR, STAGE_MS }, { log, aroundWork }) => {
    const store = await openOperationStore({ path: join(DATA_DIR, 'shipments.db'), log });
    const shipments = await openShipments({
      store,
      stageMs: STAGE_MS,
      log,
      aroundAttempt: aroundWork,
    });
    return {
      services: [bind(FulfillmentDefinition, createHandlers(shipments), { errors })],
      close: () => shipments.close().then(() => store.close()),
    };
  },
});
