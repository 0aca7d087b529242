import type { Shop } from '@trivium/shop';
import { basket } from './basket.ts';

/** Calls that a user can copy, in the order in which one would make them. */
export function grpcurlLines(shop: Shop, order: { orderId: string; carrierId: string }): string[] {
  const lines = basket.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const destination = {
    country: basket.destination.country,
    postal_code: basket.destination.postalCode,
  };
  const at = (name: Parameters<Shop['service']>[0]) =>
    shop.service(name).address.replace('127.0.0.1', 'localhost');
  const call = (address: string, method: string, request: object) =>
    `grpcurl -plaintext -d '${JSON.stringify(request)}' ${address} ${method}`;
  return [
    `grpcurl -plaintext ${at('catalog')} list`,
    call(at('catalog'), 'shop.catalog.v1.Catalog/ListProducts', { filter: 'mug' }),
    call(at('checkout'), 'shop.checkout.v1.Checkout/Quote', { lines, destination }),
    call(at('checkout'), 'shop.checkout.v1.Checkout/PlaceOrder', {
      request_id: 'my-first-order',
      account_id: 'ada',
      carrier_id: order.carrierId,
      lines,
      destination,
    }),
    call(at('checkout'), 'shop.checkout.v1.Checkout/WatchOrder', { order_id: order.orderId }),
    call(at('checkout'), 'google.longrunning.Operations/GetOperation', {
      name: `operations/${order.orderId}`,
    }),
  ];
}
