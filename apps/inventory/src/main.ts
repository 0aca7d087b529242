import { join } from 'node:path';
import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import { bind, runService } from '@trivium/rpc';
import { openDatabase } from '@trivium/sqlite';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { startExpirySweep } from './expiry-sweep.ts';
import { createHandlers } from './handlers.ts';
import { createInventory } from './inventory.ts';
import { migrations } from './migrations.ts';
import { stockShelves } from './opening-stock.ts';

await runService({
  name: 'inventory',
  config,
  extensions: [telemetry],
  start: async ({ DATA_DIR, SWEEP_INTERVAL_MS }, { log }) => {
    const db = openDatabase({ path: join(DATA_DIR, 'inventory.db'), migrations, log });
    await stockShelves(db);
    const inventory = createInventory({ db });
    const sweep = startExpirySweep({ inventory, everyMs: SWEEP_INTERVAL_MS, log });
    return {
      services: [bind(InventoryDefinition, createHandlers(inventory), { errors })],
      close: () => sweep.stop().then(() => db.close()),
    };
  },
});
