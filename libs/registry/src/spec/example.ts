import { createLogger } from '@trivium/rpc';
import { openRegistry } from '../index.ts';

const log = createLogger({ name: 'example', level: 'warn' });
const registry = openRegistry({ file: process.env['SERVICES_FILE'] ?? 'services.yaml', log });
await registry.settled();
for (const { name, repetition } of registry.list()) console.log(name, repetition);

const { response } = await registry.call(
  'shop.catalog.v1.Catalog/GetProduct',
  { sku: 'MUG-STONE-01' },
  { signal: AbortSignal.timeout(1_000), maxAttempts: 3 },
);
console.log(JSON.stringify(response));
registry.close();
