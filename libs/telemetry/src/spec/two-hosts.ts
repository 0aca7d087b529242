import {
  CatalogDefinition,
  type GetProductRequest,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import {
  bind,
  type Client,
  Code,
  createClient,
  createLogger,
  type CallContext,
  type Logger,
  openChannel,
  RpcError,
  startHost,
} from '@trivium/rpc';
import type { Telemetry } from '../telemetry.ts';

/** A fulfillment host whose handlers call a catalog host, and a client of each. */
export interface TwoHosts {
  readonly fulfillment: Client<typeof FulfillmentDefinition>;
  readonly catalog: Client<typeof CatalogDefinition>;
  readonly address: string;
  close(): Promise<void>;
}

/** What the hosts do where it is not the usual. */
export interface TwoHostsOptions {
  readonly telemetry: Pick<Telemetry, 'host' | 'client'>;
  /** How many calls each host serves at a time. */
  readonly maxInFlight?: number;
  /** What the hosts log to. Default: nothing. */
  readonly log?: Logger;
  /** What happens before a product is returned. */
  readonly getProduct?: (request: GetProductRequest, call: CallContext) => Promise<void>;
  /** What a handler does with its client of the catalog; the default calls it once. */
  readonly getShipment?: (catalog: Client<typeof CatalogDefinition>) => Promise<void>;
}

/** An order that is valid. */
export const anOrder = {
  orderId: 'o-1',
  lines: [{ sku: 'MUG-1', quantity: 1 }],
  destination: { country: 'DE', postalCode: '10115' },
  carrierId: 'dhl',
};

/** Starts both, with the interceptors of one telemetry around all their calls. */
export async function startTwoHosts(options: TwoHostsOptions): Promise<TwoHosts> {
  const { telemetry, getProduct, getShipment, maxInFlight = 100 } = options;
  const { log = createLogger({ name: 'spec', level: 'silent' }) } = options;
  const start = (services: Parameters<typeof startHost>[0]['services']) =>
    startHost({
      address: '127.0.0.1:0',
      services,
      log,
      maxInFlight,
      interceptors: telemetry.host,
    });
  const clients = { interceptors: telemetry.client };

  const backend = await start([
    bind(CatalogDefinition, {
      async getProduct(request, call) {
        await getProduct?.(request, call);
        return { product: { sku: request.sku } };
      },
      batchGetProducts: async () => ({}),
      listProducts: async () => ({}),
    }),
  ]);
  const toBackend = openChannel(backend.address);
  const catalog = createClient(CatalogDefinition, toBackend, clients);

  const frontend = await start([
    bind(FulfillmentDefinition, {
      async getShipment({ orderId }) {
        if (orderId === 'o-0') throw new RpcError(Code.NOT_FOUND, 'no such order');
        if (getShipment) await getShipment(catalog);
        else await catalog.getProduct({ sku: 'MUG-1' });
        return { shipment: { orderId } };
      },
      async *fulfill() {
        for (const sequence of [1n, 2n]) {
          await catalog.getProduct({ sku: 'MUG-1' });
          yield { event: { sequence } };
        }
      },
    }),
  ]);
  const toFrontend = openChannel(frontend.address);
  return {
    fulfillment: createClient(FulfillmentDefinition, toFrontend, clients),
    catalog,
    address: frontend.address,
    async close() {
      toFrontend.close();
      toBackend.close();
      await Promise.all([frontend.drain(), backend.drain()]);
    },
  };
}
