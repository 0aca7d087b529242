import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { createClient, openChannel } from '@trivium/rpc';
import { createSyncClient, retry } from '@trivium/sync';
import { answerMessages } from '../load/answer-messages.ts';
import { type Arrivals, openLoop } from '../load/open-loop.ts';

// Calls the service at the address that is its first argument, and again when that fails: the second
// argument says with which budget.
const [address = '', mode] = process.argv.slice(2);
const channel = openChannel(address);
await channel.ready();
const request = { sku: 'BENCH-1' };
const budgeted = createSyncClient(CatalogDefinition, channel);
const plain = createClient(CatalogDefinition, channel);
const call =
  mode === 'with a budget'
    ? () => budgeted.getProduct(request)
    : () => retry((options) => plain.getProduct(request, options));

answerMessages((arrivals: Arrivals) => openLoop(call, arrivals));
