import { join } from 'node:path';
import { operationMigrations } from '@trivium/async';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { bind, runService } from '@trivium/rpc';
import { openDatabase } from '@trivium/sqlite';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { openShipments } from './shipments.ts';

await runService({
  name: 'fulfillment',
  config,
  extensions: [telemetry],
  start: async ({ DATA_DIR, STAGE_MS }, { log }) => {
    const path = join(DATA_DIR, 'fulfillment.db');
    const database = openDatabase({ path, migrations: operationMigrations, log });
    const shipments = await openShipments({ database, stageMs: STAGE_MS, log });
    return {
      services: [bind(FulfillmentDefinition, createHandlers(shipments), { errors })],
      close: () => shipments.close().then(() => database.close()),
    };
  },
});
