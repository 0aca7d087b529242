import { join } from 'node:path';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { bind, runService } from '@trivium/rpc';
import { telemetry } from '@trivium/telemetry';
import { createCatalogue } from './catalogue.ts';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { openProductStore } from './product-store.ts';
import { seedProducts } from './seed-products.ts';

await runService({
  name: 'catalog',
  config,
  extensions: [telemetry],
  start: async ({ DATA_DIR }, { log }) => {
    const path = join(DATA_DIR, 'catalog.db');
    const store = await openProductStore({ path, seed: seedProducts, log });
    const handlers = createHandlers(createCatalogue(store));
    return {
      services: [bind(CatalogDefinition, handlers, { errors })],
      close: () => store.close(),
    };
  },
});
