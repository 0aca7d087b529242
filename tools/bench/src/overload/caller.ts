import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { createClient, openChannel } from '@trivium/rpc';
import { answerMessages } from '../load/answer-messages.ts';
import { type Arrivals, openLoop } from '../load/open-loop.ts';
import { measure } from '../sync/measure.ts';

/** What the caller is asked: how much the service can do, or to offer it so much. */
export type Offer = { readonly concurrency: number; readonly durationMs: number } | Arrivals;

// Calls the service at the address that is its argument; each call may take a second.
const channel = openChannel(process.argv[2] ?? '');
await channel.ready();
const catalog = createClient(CatalogDefinition, channel, { timeoutMs: 1_000 });
const call = () => catalog.getProduct({ sku: 'BENCH-1' });

answerMessages((offer: Offer) =>
  'concurrency' in offer ? measure(call, offer) : openLoop(call, offer),
);
