import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import type { Client } from '@trivium/rpc';
import { serve } from '@trivium/testing';
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
  const served = await serve(InventoryDefinition, createHandlers(shop.inventory), { errors });
  return {
    shop,
    client: served.client,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}
