import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { GetProductRequest } from '@trivium/contracts/shop/catalog/v1/catalog';
import { type CallContext, type HostOptions, bind, createLogger, startHost } from '@trivium/rpc';

/**
 * Serves a catalog whose `GetProduct` does some work, and no other method: the service of a bench,
 * in a process of its own. Tells its address over IPC, and how many calls came in when it is asked
 * for anything.
 */
export async function serveCatalog(
  work: (request: GetProductRequest, call: CallContext) => Promise<void>,
  options: Partial<HostOptions> = {},
): Promise<void> {
  let served = 0;
  const host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'bench', level: 'silent' }),
    ...options,
    services: [
      bind(CatalogDefinition, {
        async getProduct(request, call) {
          served++;
          await work(request, call);
          return { product: { sku: request.sku } };
        },
        batchGetProducts: async () => ({}),
        listProducts: async () => ({}),
      }),
    ],
  });
  process.on('message', () => process.send?.(served));
  process.on('disconnect', () => process.exit());
  process.send?.(host.address);
}
