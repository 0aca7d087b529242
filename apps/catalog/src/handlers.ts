import type {
  CatalogDefinition,
  Product as ProductMessage,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import type { Handlers } from '@trivium/rpc';
import type { Catalogue } from './catalogue.ts';
import type { Product } from './product.ts';

/** Translates between the contract `shop.catalog.v1.Catalog` and the catalogue. */
export function createHandlers(catalogue: Catalogue): Handlers<CatalogDefinition> {
  return {
    getProduct: async ({ sku }) => {
      const [product] = catalogue.get([sku]);
      return { product: toMessage(product!) };
    },

    batchGetProducts: async ({ skus }) => ({ products: catalogue.get(skus).map(toMessage) }),

    listProducts: async (request) => {
      const { products, nextPageToken } = catalogue.list(request);
      return { products: products.map(toMessage), nextPageToken };
    },
  };
}

function toMessage({ priceMinor, currency, ...product }: Product): ProductMessage {
  return { ...product, price: { amountMinor: priceMinor, currency } };
}
