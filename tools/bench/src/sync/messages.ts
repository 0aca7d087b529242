import type { DeepPartial, Product } from '@trivium/contracts/shop/catalog/v1/catalog';
import {
  GetProductResponse,
  ListProductsResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';

/** What each call asks for: with its tag and length, a request of 100 bytes. */
export const sku = `BENCH-${'0123456789'.repeat(9)}AB`;

/** What each call returns: encoded, a response of about 100 bytes. */
export const product: DeepPartial<Product> = {
  sku: 'MUG-STONE-01',
  name: 'Stone mug',
  description: 'Wheel-thrown, glazed inside; for a lot of tea.',
  category: 'kitchen',
  price: { currency: 'EUR', amountMinor: 2_400n },
  weightGrams: 410,
};

/** `product` as it travels. */
export const smallResponse: Uint8Array = GetProductResponse.encode(
  GetProductResponse.fromPartial({ product }),
).finish();

/** The large response: one product with 1 MiB to say. */
export const largeProduct: DeepPartial<Product> = {
  ...product,
  description: 'a lot of tea, '.repeat(74_899).slice(0, 1024 * 1024),
};

/** `largeProduct`, alone on its page, as it travels. */
export const largeResponse: Uint8Array = ListProductsResponse.encode(
  ListProductsResponse.fromPartial({ products: [largeProduct] }),
).finish();

/** A message behind its gRPC prefix: not compressed, this long. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(5 + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}
