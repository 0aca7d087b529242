import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { createSyncClient, openBalancedChannel } from '../../index.ts';

const channel = openBalancedChannel((process.env['CATALOG'] ?? '').split(','));
const catalog = createSyncClient(CatalogDefinition, channel);

const { product } = await catalog.getProduct({ sku: 'MUG' });
console.log(product);
channel.close();
