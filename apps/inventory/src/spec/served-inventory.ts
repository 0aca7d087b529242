import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import { bind, createClient, createLogger, openChannel, RpcError, startHost } from '@trivium/rpc';
import type { Client } from '@trivium/rpc';
import { errors } from '../errors.ts';
import { createHandlers } from '../handlers.ts';
import { openTemporaryInventory } from './temporary-inventory.ts';
import type { TemporaryInventory } from './temporary-inventory.ts';

/** A temporary inventory behind a host of its own, and a client of it. */
export interface ServedInventory extends AsyncDisposable {
  readonly shop: TemporaryInventory;
  readonly client: Client<InventoryDefinition>;
}

/** Serves an inventory with so many pieces of each SKU at any free port. */
export async function serveInventory(
  stock: Readonly<Record<string, number>>,
): Promise<ServedInventory> {
  const shop = await openTemporaryInventory(stock);
  const host = await startHost({
    address: '127.0.0.1:0',
    services: [bind(InventoryDefinition, createHandlers(shop.inventory), { errors })],
    log: createLogger({ name: 'inventory', level: 'silent' }),
  });
  const channel = openChannel(host.address);
  return {
    shop,
    client: createClient(InventoryDefinition, channel),
    [Symbol.asyncDispose]: async () => {
      channel.close();
      await host.drain();
      await shop[Symbol.asyncDispose]();
    },
  };
}

/** The error that a call fails with. Throws if it does not fail. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  return call.then(
    () => {
      throw new Error('the call should have failed');
    },
    (error: unknown) => RpcError.from(error),
  );
}
