import { setTimeout as delay } from 'node:timers/promises';
import { serveCatalog } from '../load/catalog-service.ts';

// A replica that takes 5 ms, and 2 s in one call of twenty.
await serveCatalog((_request, { signal }) =>
  delay(Math.random() < 0.05 ? 2_000 : 5, undefined, { signal }),
);
