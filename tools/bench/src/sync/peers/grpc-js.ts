import { Client, credentials } from '@grpc/grpc-js';
import {
  GetProductRequest,
  GetProductResponse,
  ListProductsRequest,
  ListProductsResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import type { Peer } from '../peer.ts';
import { sku } from '../messages.ts';

/**
 * Raw grpc-js, as its generated clients use it: a callback, and nothing on. No deadline, no signal,
 * no metadata: the least that it can be asked to do, and so the hardest base to be compared with.
 */
export function open(address: string): Peer {
  const client = new Client(address, credentials.createInsecure());
  return {
    callSmall: () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          '/shop.catalog.v1.Catalog/GetProduct',
          (request: GetProductRequest) => Buffer.from(GetProductRequest.encode(request).finish()),
          (bytes) => GetProductResponse.decode(bytes),
          { sku },
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      }),
    callLarge: () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          '/shop.catalog.v1.Catalog/ListProducts',
          (request: ListProductsRequest) =>
            Buffer.from(ListProductsRequest.encode(request).finish()),
          (bytes) => ListProductsResponse.decode(bytes),
          ListProductsRequest.fromPartial({}),
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      }),
    close: () => client.close(),
  };
}
