import { setTimeout as delay } from 'node:timers/promises';
import { createFixedLimit } from '@trivium/rpc';
import { serveCatalog } from '../load/catalog-service.ts';
import { HELD, INNOCENT_MS } from './requests.ts';

// One of our hosts, which holds some calls for longer than anybody waits for them.
await serveCatalog(
  ({ sku }, { signal }) => delay(sku === HELD ? 60_000 : INNOCENT_MS, undefined, { signal }),
  // It is connections that are measured here: what is refused on a busy machine is not lost by them.
  { concurrencyLimit: createFixedLimit(Infinity) },
);
