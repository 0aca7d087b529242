import { createCatalogue, ProductsNotFound, type Catalogue } from './catalogue.ts';
import { PageTokenRefused } from './page-token.ts';
import type { Product } from './product.ts';
import { openProductStore, type ProductStore } from './product-store.ts';
import { seedProducts } from './seed-products.ts';

let store: ProductStore;
let catalogue: Catalogue;

beforeEach(async () => {
  const many: readonly Product[] = Array.from({ length: 130 }, (_, index) => ({
    ...seedProducts[0]!,
    sku: `N-${String(index).padStart(3, '0')}`,
    name: index % 2 === 0 ? 'Even' : 'Odd',
  }));
  store = await openProductStore({ path: ':memory:', seed: many });
  catalogue = createCatalogue(store);
});

afterEach(() => store.close());

function walk(pageSize: number, filter = ''): readonly (readonly string[])[] {
  const pages: string[][] = [];
  let pageToken = '';
  do {
    const page = catalogue.list({ pageSize, pageToken, filter });
    pages.push(page.products.map(({ sku }) => sku));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return pages;
}

const numbered = (count: number, step = 1): readonly string[] =>
  Array.from({ length: count }, (_, index) => `N-${String(index * step).padStart(3, '0')}`);

describe('pages', () => {
  it.each([1, 7, 13, 64, 65, 100])('of %i hold every product once, in order', (pageSize) => {
    expect(walk(pageSize).flat()).toEqual(numbered(130));
  });

  it.each([
    [0, [20, 20, 20, 20, 20, 20, 10]],
    [65, [65, 65]],
    [100, [100, 30]],
    [101, [100, 30]],
    [2_147_483_647, [100, 30]],
  ])('of the size %i have %j products, and none is empty', (pageSize, sizes) => {
    expect(walk(pageSize).map((page) => page.length)).toEqual(sizes);
  });

  it('of a filter hold what it matches, once', () => {
    expect(walk(9, 'even').flat()).toEqual(numbered(65, 2));
  });

  it('are one and empty when nothing matches', () => {
    expect(walk(10, 'neither')).toEqual([[]]);
  });

  it('may change their size from one to the next', () => {
    const first = catalogue.list({ pageSize: 3, pageToken: '', filter: '' });
    const second = catalogue.list({ pageSize: 5, pageToken: first.nextPageToken, filter: '' });
    expect([...first.products, ...second.products].map(({ sku }) => sku)).toEqual(numbered(8));
  });

  it('go on with a filter that asks for the same in other words', () => {
    const first = catalogue.list({ pageSize: 3, pageToken: '', filter: 'Even n-' });
    const next = { pageSize: 3, pageToken: first.nextPageToken, filter: ' N- EVEN ' };
    expect(catalogue.list(next).products[0]!.sku).toBe('N-006');
  });

  it('do not go on with another filter', () => {
    const { nextPageToken } = catalogue.list({ pageSize: 3, pageToken: '', filter: 'even' });
    const next = { pageSize: 3, pageToken: nextPageToken, filter: 'odd' };
    expect(() => catalogue.list(next)).toThrow(PageTokenRefused);
  });
});

describe('products by their SKUs', () => {
  it('come in the order that they are asked for', () => {
    const skus = ['N-007', 'N-001', 'N-100'];
    expect(catalogue.get(skus).map(({ sku }) => sku)).toEqual(skus);
  });

  it('come all or not at all, and every missing one is named', () => {
    const ask = (): unknown => catalogue.get(['N-001', 'X-1', 'N-002', 'X-2']);
    expect(ask).toThrow(ProductsNotFound);
    expect(ask).toThrow(/^No product has the SKU X-1, X-2$/);
  });

  it('are counted in the message when very many are missing', () => {
    const skus = Array.from({ length: 100 }, (_, index) => `X-${index}`);
    expect(() => catalogue.get(skus)).toThrow('X-8, X-9 (and 90 more)');
  });
});
