import {
  GetProductRequest,
  ListProductsResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import { frame, largeResponse, sku, smallResponse } from './messages.ts';

it('sends and receives about 100 bytes, or 1 MiB', () => {
  expect(GetProductRequest.encode({ sku }).finish()).toHaveLength(100);
  expect(Math.abs(smallResponse.length - 100)).toBeLessThan(10);
  expect(Math.abs(largeResponse.length - 1024 * 1024)).toBeLessThan(200);
  expect(ListProductsResponse.decode(largeResponse).products).toHaveLength(1);
});

it('puts the prefix of gRPC before a message', () => {
  expect([...frame(Uint8Array.of(7, 8))]).toEqual([0, 0, 0, 0, 2, 7, 8]);
});
