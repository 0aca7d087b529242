import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { CheckoutDefinition } from '@trivium/contracts/shop/checkout/v1/checkout';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import { PaymentsDefinition } from '@trivium/contracts/shop/payments/v1/payments';
import { ShippingDefinition } from '@trivium/contracts/shop/shipping/v1/shipping';
import { type Channel, type Client, createClient, openChannel } from '@trivium/rpc';
import { serviceNames } from './services.ts';
import type { Shop } from './shop.ts';

/** A client of every service of the shop. */
export interface ShopClients {
  readonly catalog: Client<typeof CatalogDefinition>;
  readonly inventory: Client<typeof InventoryDefinition>;
  readonly payments: Client<typeof PaymentsDefinition>;
  readonly shipping: Client<typeof ShippingDefinition>;
  readonly fulfillment: Client<typeof FulfillmentDefinition>;
  readonly checkout: Client<typeof CheckoutDefinition>;
  /** The operations of checkout. */
  readonly operations: Client<typeof OperationsDefinition>;
  close(): void;
}

/** Opens a channel to each service; every channel is connected before this returns. */
export async function openShopClients(shop: Shop): Promise<ShopClients> {
  const channels = new Map(
    serviceNames.map((name) => [name, openChannel(shop.service(name).address)]),
  );
  const channelTo = (name: (typeof serviceNames)[number]) => channels.get(name) as Channel;
  await Promise.all([...channels.values()].map((channel) => channel.ready({ timeoutMs: 10_000 })));
  return {
    catalog: createClient(CatalogDefinition, channelTo('catalog')),
    inventory: createClient(InventoryDefinition, channelTo('inventory')),
    payments: createClient(PaymentsDefinition, channelTo('payments')),
    shipping: createClient(ShippingDefinition, channelTo('shipping')),
    fulfillment: createClient(FulfillmentDefinition, channelTo('fulfillment')),
    checkout: createClient(CheckoutDefinition, channelTo('checkout')),
    operations: createClient(OperationsDefinition, channelTo('checkout')),
    close: () => channels.forEach((channel) => channel.close()),
  };
}
