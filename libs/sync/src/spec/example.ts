import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '../index.ts';

const channel = openChannel(process.env['CATALOG'] ?? '127.0.0.1:50051');
const catalog = createSyncClient(CatalogDefinition, channel);
const { product } = await catalog.getProduct({ sku: 'MUG-STONE-01' });
console.log(product?.name);
channel.close();
