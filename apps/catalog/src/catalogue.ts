import { decodePageToken, encodePageToken } from './page-token.ts';
import type { Product } from './product.ts';
import type { ProductStore } from './product-store.ts';
import { filterWords } from './text-filter.ts';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
const NAMED_IN_MESSAGE = 10;

/** Products that the shop does not sell were asked for. */
export class ProductsNotFound extends Error {
  override readonly name = 'ProductsNotFound';
  /** All of them, at least one, in the order of the request. */
  readonly skus: readonly string[];

  constructor(skus: readonly string[]) {
    const named = skus.slice(0, NAMED_IN_MESSAGE).join(', ');
    const more = skus.length - NAMED_IN_MESSAGE;
    super(`No product has the SKU ${named}${more > 0 ? ` (and ${more} more)` : ''}`);
    this.skus = skus;
  }
}

/** Which page to list. */
export interface PageRequest {
  /** 0 for the default of 20; more than 100 is taken as 100. */
  readonly pageSize: number;
  /** The token of the page before; empty for the first page. */
  readonly pageToken: string;
  /** Words that must all occur in a product; empty for every product. */
  readonly filter: string;
}

/** A part of a list of products. */
export interface Page {
  readonly products: readonly Product[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** What the shop sells. */
export interface Catalogue {
  /** Returns the products in the order of `skus`. Throws `ProductsNotFound` if any is missing. */
  get(skus: readonly string[]): readonly Product[];
  /** Returns one page of the products by SKU. Throws `PageTokenRefused`. */
  list(request: PageRequest): Page;
}

/** Creates the catalogue over the products of a store. */
export function createCatalogue(store: ProductStore): Catalogue {
  return {
    get: (skus) => {
      const found = store.find(skus);
      const missing = skus.filter((sku) => !found.has(sku));
      if (missing.length > 0) throw new ProductsNotFound(missing);
      return skus.map((sku) => found.get(sku)!);
    },

    list: ({ pageSize, pageToken, filter }) => {
      const words = filterWords(filter);
      const query = words.join(' ');
      const size = pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);
      const afterSku = pageToken === '' ? '' : decodePageToken(query, pageToken);
      // One more than the page holds tells whether there is a next page.
      const found = store.list({ afterSku, words, limit: size + 1 });
      const products = found.slice(0, size);
      const last = products.at(-1);
      return {
        products,
        nextPageToken: last && found.length > size ? encodePageToken(query, last.sku) : '',
      };
    },
  };
}
