import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { createLimits, plan, run } from '@trivium/parallel';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { answerMessages } from '../load/answer-messages.ts';

// Makes calls to two targets at the address, so many at a time to each: `limit-caller.ts ADDRESS`.
const channel = openChannel(process.argv[2] ?? '');
await channel.ready();
const catalog = createSyncClient(CatalogDefinition, channel);
const { signal } = new AbortController();

const everything = plan<readonly string[]>().each(
  'all',
  [],
  ({ input }) => input,
  (item, { signal }) => catalog.getProduct({ sku: `${item.split(' ')[0]} tail` }, { signal }),
  { key: (item) => item, target: (item) => item.split(' ')[0]! },
);

answerMessages(async ({ calls, limit }: { calls: number; limit: number }) => {
  const items = Array.from({ length: calls }, (_, place) => [`a ${place}`, `b ${place}`]).flat();
  const limits = createLimits({ perTarget: limit });
  const { values } = await run(everything, items, { signal, limits, maxInFlight: Infinity }).result;
  return values.all.filter(({ outcome }) => outcome.ok).length;
});
