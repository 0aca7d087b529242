import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { answerMessages } from '../load/answer-messages.ts';
import { type Arrivals, openLoop } from '../load/open-loop.ts';

// Calls the service at the address that is its first argument; the second is `hedged`, or not.
const [address = '', mode] = process.argv.slice(2);
const channel = openChannel(address);
await channel.ready();
const catalog = createSyncClient(
  CatalogDefinition,
  channel,
  mode === 'hedged' ? { hedge: { percentile: 0.9 } } : {},
);

answerMessages((arrivals: Arrivals) =>
  openLoop(() => catalog.getProduct({ sku: 'BENCH-1' }), arrivals),
);
