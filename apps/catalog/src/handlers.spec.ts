import { BadRequest, ErrorInfo, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { Code, findDetail, type Client, type RpcError } from '@trivium/rpc';
import { failureOf, serve, type Served } from '@trivium/testing';
import { createCatalogue } from './catalogue.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { openProductStore, type ProductStore } from './product-store.ts';
import { seedProducts } from './seed-products.ts';

let store: ProductStore;
let served: Served<typeof CatalogDefinition>;
let catalog: Client<typeof CatalogDefinition>;

beforeAll(async () => {
  store = await openProductStore({ path: ':memory:', seed: seedProducts });
  const handlers = createHandlers(createCatalogue(store));
  served = await serve(CatalogDefinition, handlers, { errors });
  catalog = served.client;
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await store.close();
});

const fieldsOf = (error: RpcError): readonly string[] | undefined =>
  findDetail(error, BadRequest)?.fieldViolations.map(({ field }) => field);

const resourcesOf = (error: RpcError): readonly string[] =>
  error.details
    .filter(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ResourceInfo'))
    .map(({ value }) => ResourceInfo.decode(value).resourceName);

describe('GetProduct', () => {
  it('returns a product with all that the shop knows of it', async () => {
    const { product } = await catalog.getProduct({ sku: 'MUG-STONE-01' });
    expect(product).toEqual({
      sku: 'MUG-STONE-01',
      name: 'Stoneware mug, slate',
      description: 'Thrown thick enough to keep a coffee warm through a long call. Holds 350 ml.',
      category: 'tableware',
      price: { amountMinor: 1_490n, currency: 'EUR' },
      weightGrams: 480,
      dimensions: { lengthMm: 140, widthMm: 115, heightMm: 110 },
    });
  });

  it('is NOT_FOUND, with the SKU, for a product that the shop does not sell', async () => {
    const error = await failureOf(catalog.getProduct({ sku: 'MUG-GOLD-99' }));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)).toMatchObject({
      resourceType: 'shop.catalog.v1.Product',
      resourceName: 'MUG-GOLD-99',
    });
  });

  it.each(['', 'mug', 'M', 'MUG STONE'])('is INVALID_ARGUMENT for the SKU %j', async (sku) => {
    const error = await failureOf(catalog.getProduct({ sku }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(fieldsOf(error)).toEqual(['sku']);
  });
});

describe('BatchGetProducts', () => {
  it('returns the products in the order of the request', async () => {
    const skus = ['PAN-IRON-28', 'AXE-SPLIT-25', 'MUG-STONE-02'];
    const { products } = await catalog.batchGetProducts({ skus });
    expect(products.map(({ sku }) => sku)).toEqual(skus);
  });

  it('returns none, and names each one that is missing, when any is', async () => {
    const skus = ['PAN-IRON-28', 'NONE-1', 'AXE-SPLIT-25', 'NONE-2'];
    const error = await failureOf(catalog.batchGetProducts({ skus }));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(error.message).toContain('NONE-1, NONE-2');
    expect(resourcesOf(error)).toEqual(['NONE-1', 'NONE-2']);
  });

  it('stays readable when all of a hundred are missing', async () => {
    const skus = Array.from({ length: 100 }, (_, index) => `NONE-${index}`);
    const error = await failureOf(catalog.batchGetProducts({ skus }));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(error.message).toContain('(and 90 more)');
    expect(findDetail(error, ErrorInfo)?.metadata.get('skuCount')).toBe('100');
    expect(resourcesOf(error).slice(0, 20)).toEqual(skus.slice(0, 20));
  });

  it.each([
    ['no SKU at all', [], 'skus'],
    ['a SKU twice', ['PAN-IRON-28', 'PAN-IRON-28'], 'skus'],
    ['more than a hundred', Array.from({ length: 101 }, (_, index) => `NONE-${index}`), 'skus'],
    ['one that is none', ['PAN-IRON-28', 'pan'], 'skus[1]'],
  ])('is INVALID_ARGUMENT for %s', async (_what, skus, field) => {
    const error = await failureOf(catalog.batchGetProducts({ skus }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(fieldsOf(error)).toEqual([field]);
  });
});

it('is UNAVAILABLE, and says nothing of files, while the database cannot be read', async () => {
  const closed = await openProductStore({ path: ':memory:', seed: seedProducts });
  await closed.close();
  const handlers = createHandlers(createCatalogue(closed));
  await using broken = await serve(CatalogDefinition, handlers, { errors });
  const error = await failureOf(broken.client.getProduct({ sku: 'MUG-STONE-01' }));
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(error.message).toBe('The catalogue cannot be read now');
});

describe('ListProducts', () => {
  it('gives the whole catalogue, page by page, without gap or repeat', async () => {
    const skus: string[] = [];
    let pageToken = '';
    do {
      const page = await catalog.listProducts({ pageToken });
      skus.push(...page.products.map(({ sku }) => sku));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(skus).toEqual(seedProducts.map(({ sku }) => sku).sort());
  });

  it('finds by words of name, description and category', async () => {
    const { products, nextPageToken } = await catalog.listProducts({ filter: 'WOOL camping' });
    expect(products.map(({ sku }) => sku)).toEqual(['COOLER-WOOL-20']);
    expect(nextPageToken).toBe('');
  });

  it.each([
    ['a token that it did not make', 'page-2', ''],
    ['a token of another filter', undefined, 'iron'],
  ])('is INVALID_ARGUMENT, with the remedy, for %s', async (_what, forged, filter) => {
    const { nextPageToken } = await catalog.listProducts({ pageSize: 1 });
    const pageToken = forged ?? nextPageToken;
    const error = await failureOf(catalog.listProducts({ pageToken, filter }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
      { field: 'page_token', description: expect.stringContaining('leave') },
    ]);
  });

  it.each([
    ['page_size', { pageSize: -1 }],
    ['page_token', { pageToken: 'x'.repeat(513) }],
    ['filter', { filter: 'x'.repeat(201) }],
  ])('is INVALID_ARGUMENT for a %s out of bounds', async (field, request) => {
    const error = await failureOf(catalog.listProducts(request));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(fieldsOf(error)).toEqual([field]);
  });
});
