import { createFixedLimit } from '@trivium/rpc';
import { serveCatalog } from '../load/catalog-service.ts';

/** A backend that answers at once. */
await serveCatalog(async () => {}, { concurrencyLimit: createFixedLimit(Infinity) });
