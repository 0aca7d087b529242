import { badRequest, Code, errorInfo, errorTable, resourceInfo, RpcError } from '@trivium/rpc';
import { DatabaseUnavailable } from '@trivium/sqlite';
import { ProductsNotFound } from './catalogue.ts';
import { PageTokenRefused } from './page-token.ts';

/** How what the catalogue refuses leaves the service. */
export const errors = errorTable([
  [
    ProductsNotFound,
    ({ message, skus }) =>
      new RpcError(Code.NOT_FOUND, message, {
        details: [
          // First, and with the count: of very many, the trailer that carries details holds some.
          errorInfo({
            reason: 'UNKNOWN_SKU',
            domain: 'shop.catalog.v1',
            metadata: { skuCount: String(skus.length) },
          }),
          ...skus.map((sku) =>
            resourceInfo({
              resourceType: 'shop.catalog.v1.Product',
              resourceName: sku,
              description: 'No product has this SKU',
            }),
          ),
        ],
      }),
  ],
  [
    PageTokenRefused,
    ({ message }) =>
      new RpcError(Code.INVALID_ARGUMENT, `page_token ${message}`, {
        details: [badRequest([{ field: 'page_token', description: message }])],
      }),
  ],
  [
    DatabaseUnavailable,
    (cause) => new RpcError(Code.UNAVAILABLE, 'The catalogue cannot be read now', { cause }),
  ],
]);
