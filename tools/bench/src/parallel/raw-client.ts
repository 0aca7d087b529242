import { Client, credentials } from '@grpc/grpc-js';
import { GetProductRequest, GetProductResponse } from '@trivium/contracts/shop/catalog/v1/catalog';

/** Calls a service with raw grpc-js, as its generated clients do: a callback, and nothing on. */
export function openRawClient(address: string): (sku: string) => Promise<unknown> {
  const client = new Client(address, credentials.createInsecure());
  return (sku) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        '/shop.catalog.v1.Catalog/GetProduct',
        (request: GetProductRequest) => Buffer.from(GetProductRequest.encode(request).finish()),
        (bytes) => GetProductResponse.decode(bytes),
        { sku },
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });
}
