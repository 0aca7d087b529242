import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '../index.ts';

const channel = openChannel(process.env['CATALOG'] ?? '127.0.0.1:50051');
const catalog = createSyncClient(CatalogDefinition, channel, {
  timeoutMs: 2_000,
  retry: { maxAttempts: 3 },
  hedge: { percentile: 0.95 },
  onRetry: ({ path, attempt, error }) => console.warn(`${path}, attempt ${attempt}: ${error}`),
});
const controller = new AbortController();
const { product } = await catalog.getProduct(
  { sku: 'MUG-STONE-01' },
  { signal: controller.signal, timeoutMs: 500, metadata: { 'x-tenant': 'blue' } },
);
console.log(product?.name);
channel.close();
