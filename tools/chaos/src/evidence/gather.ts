import { PlaceOrderMetadata } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { StockLevel } from '@trivium/contracts/shop/inventory/v1/inventory';
import { Code, RpcError } from '@trivium/rpc';
import type { ShopClients } from '@trivium/shop';
import { inLanes } from '../traffic/in-lanes.ts';
import type { OrderRecord } from '../traffic/order-record.ts';
import { untilAnswered } from '../traffic/patience.ts';
import { contest, placeOnce } from '../traffic/send-order.ts';
import { watchToEnd } from '../traffic/watch.ts';
import type { Afterwards, OrderEvidence } from './evidence.ts';

const lanes = 16;

/** Asks the services for the stock of every product. */
export async function stockLevels(
  clients: ShopClients,
  signal: AbortSignal,
): Promise<StockLevel[]> {
  const { products } = await untilAnswered(
    (options) => clients.catalog.listProducts({ pageSize: 100 }, options),
    signal,
  );
  const skus = products.map(({ sku }) => sku);
  const { levels } = await untilAnswered(
    (options) => clients.inventory.getStock({ skus }, options),
    signal,
  );
  return levels;
}

/** Lists the ids of all orders that checkout has. */
export async function listOrders(clients: ShopClients, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for (let pageToken = ''; ;) {
    const { operations, nextPageToken } = await untilAnswered(
      (options) =>
        clients.operations.listOperations(
          { name: 'operations', pageSize: 100, pageToken },
          options,
        ),
      signal,
    );
    for (const { metadata } of operations) {
      ids.push(PlaceOrderMetadata.decode(metadata?.value ?? new Uint8Array()).orderId);
    }
    if (!nextPageToken) return ids;
    pageToken = nextPageToken;
  }
}

/** Asks the services about every order once more, from the beginning, and sends every request again. */
export function askAgain(
  records: readonly OrderRecord[],
  clients: ShopClients,
  signal: AbortSignal,
): Promise<OrderEvidence[]> {
  return inLanes(records, lanes, async (record) => {
    const [orderId] = record.orderIds;
    if (orderId === undefined) return { ...record, afterwards: undefined };
    const afterwards = await askAbout(orderId, record, clients, signal);
    const violations = record.planned.isContested
      ? await contest(record.planned, { clients, signal })
      : [];
    return { ...record, violations: [...record.violations, ...violations], afterwards };
  });
}

async function askAbout(
  orderId: string,
  { planned }: OrderRecord,
  clients: ShopClients,
  signal: AbortSignal,
): Promise<Afterwards> {
  const { checkout, operations, fulfillment } = clients;
  const name = `operations/${orderId}`;
  const [late, order, operation, shipment, repeated] = await Promise.all([
    watchToEnd({ checkout, orderId, signal }),
    known(untilAnswered((options) => checkout.getOrder({ orderId }, options), signal)),
    known(untilAnswered((options) => operations.getOperation({ name }, options), signal)),
    known(untilAnswered((options) => fulfillment.getShipment({ orderId }, options), signal)),
    placeOnce(clients, planned.request, signal).catch(
      (error: unknown) => `refused: ${RpcError.from(error).message}`,
    ),
  ]);
  return {
    orderId,
    late,
    order: order?.order,
    isDone: operation?.done ?? false,
    shipmentEvents: shipment?.shipment?.events.length,
    repeated,
  };
}

/** What a service answers; undefined when it does not know it. */
async function known<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (RpcError.from(error).code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}
