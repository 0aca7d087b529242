import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import { PaymentsDefinition } from '@trivium/contracts/shop/payments/v1/payments';
import { ShippingDefinition } from '@trivium/contracts/shop/shipping/v1/shipping';
import {
  type Channel,
  type Client,
  type ClientInterceptor,
  type ClientOptions,
  type ServiceDefinition,
  openChannel,
} from '@trivium/rpc';
import type { Config } from './config.ts';

/** A channel to each service that checkout calls. */
export interface Channels {
  readonly catalog: Channel;
  readonly inventory: Channel;
  readonly payments: Channel;
  readonly fulfillment: Channel;
  readonly shipping: Channel;
  /** To the service that quotes a carrier's rates, for carriers that have one of their own. */
  readonly carriers: ReadonlyMap<string, Channel>;
  close(): void;
}

/** Opens the channels; none of the services has to be up yet. */
export function openChannels(config: Config): Channels {
  const carriers = new Map(
    [...config.CARRIER_ADDRESSES].map(([carrierId, address]) => [carrierId, openChannel(address)]),
  );
  const services = {
    catalog: openChannel(config.CATALOG_ADDRESS),
    inventory: openChannel(config.INVENTORY_ADDRESS),
    payments: openChannel(config.PAYMENTS_ADDRESS),
    fulfillment: openChannel(config.FULFILLMENT_ADDRESS),
    shipping: openChannel(config.SHIPPING_ADDRESS),
  };
  const all = [...Object.values(services), ...carriers.values()];
  return { ...services, carriers, close: () => all.forEach((channel) => channel.close()) };
}

/** A client of each service that checkout calls. */
export interface Backends {
  readonly catalog: Client<typeof CatalogDefinition>;
  readonly inventory: Client<typeof InventoryDefinition>;
  readonly payments: Client<typeof PaymentsDefinition>;
  readonly fulfillment: Client<typeof FulfillmentDefinition>;
  readonly shipping: Client<typeof ShippingDefinition>;
  /** The service that quotes a carrier's rates. */
  ratesOf(carrierId: string): Client<typeof ShippingDefinition>;
}

/** What makes the clients: of those that call once, or of those that repeat what is safe to repeat. */
type CreateClient = <S extends ServiceDefinition>(
  definition: S,
  channel: Channel,
  options: ClientOptions,
) => Client<S>;

/** Makes the clients of one kind, with the same interceptors around the calls of all. */
export function connectBackends(options: {
  readonly channels: Channels;
  readonly createClient: CreateClient;
  readonly interceptors: readonly ClientInterceptor[];
}): Backends {
  const { channels, createClient, interceptors } = options;
  const connect = <S extends ServiceDefinition>(definition: S, channel: Channel) =>
    createClient(definition, channel, { interceptors });
  const shipping = connect(ShippingDefinition, channels.shipping);
  const carriers = new Map(
    [...channels.carriers].map(([id, channel]) => [id, connect(ShippingDefinition, channel)]),
  );
  return {
    catalog: connect(CatalogDefinition, channels.catalog),
    inventory: connect(InventoryDefinition, channels.inventory),
    payments: connect(PaymentsDefinition, channels.payments),
    fulfillment: connect(FulfillmentDefinition, channels.fulfillment),
    shipping,
    ratesOf: (carrierId) => carriers.get(carrierId) ?? shipping,
  };
}
