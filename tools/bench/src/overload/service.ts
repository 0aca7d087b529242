import { setTimeout as delay } from 'node:timers/promises';
import { createFixedLimit } from '@trivium/rpc';
import { serveCatalog } from '../load/catalog-service.ts';

// A service that waits for what it has little of, as most do: eight connections to something that
// takes 40 ms, and that nobody tells when a caller has left. `service.ts none` has no limit but that.
const SLOTS = 8;
const WORK_MS = 40;

const waiting: (() => void)[] = [];
let free = SLOTS;

async function work(): Promise<void> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  await delay(WORK_MS);
  const next = waiting.shift();
  if (next) next();
  else free++;
}

const withoutLimits = { concurrencyLimit: createFixedLimit(Infinity), maxInFlight: Infinity };
await serveCatalog(work, process.argv[2] === 'none' ? withoutLimits : {});
