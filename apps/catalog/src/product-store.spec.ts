import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseUnavailable } from '@trivium/sqlite';
import type { Product } from './product.ts';
import { openProductStore, type ProductStore } from './product-store.ts';
import { seedProducts } from './seed-products.ts';
import { filterWords } from './text-filter.ts';

const product = (sku: string, changes: Partial<Product> = {}): Product => ({
  ...seedProducts[0]!,
  sku,
  ...changes,
});

let folder: string;
let path: string;
const open: ProductStore[] = [];

async function openStore(seed: readonly Product[] = seedProducts): Promise<ProductStore> {
  const store = await openProductStore({ path, seed });
  open.push(store);
  return store;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  path = join(folder, 'catalog.db');
});

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  await rm(folder, { recursive: true });
});

it('gives back every product as it was seeded', async () => {
  const store = await openStore();
  const found = store.find(seedProducts.map(({ sku }) => sku));
  for (const seeded of seedProducts) expect(found.get(seeded.sku)).toEqual(seeded);
});

it('finds those products that exist', async () => {
  const store = await openStore([product('A-1'), product('B-1')]);
  expect([...store.find(['B-1', 'NO-1']).keys()]).toEqual(['B-1']);
});

it('seeds an empty file once', async () => {
  const first = await openStore([product('A-1', { name: 'As it was' })]);
  await first.close();
  const second = await openStore([product('A-1', { name: 'Another' }), product('B-1')]);
  const kept = second.list({ afterSku: '', words: [], limit: 10 });
  expect(kept.map(({ name }) => name)).toEqual(['As it was']);
});

it('seeds a file once when two processes open it together', async () => {
  const stores = await Promise.all([openStore([product('A-1')]), openStore([product('A-1')])]);
  for (const store of stores) expect(store.find(['A-1']).size).toBe(1);
});

it('lists by SKU, after the one that is named, up to the limit', async () => {
  const store = await openStore(['C-1', 'A-1', 'D-1', 'B-1'].map((sku) => product(sku)));
  const found = store.list({ afterSku: 'A-1', words: [], limit: 2 });
  expect(found.map(({ sku }) => sku)).toEqual(['B-1', 'C-1']);
});

describe('the words of a filter', () => {
  const described = [
    product('MUG-1', { name: 'Red mug', description: 'Holds 50% more.', category: 'table' }),
    product('MUG-2', { name: 'Ölkännchen', description: 'a_b', category: 'table' }),
    product('PAN-1', { name: 'Pan', description: 'Not a red one.', category: 'kitchen' }),
  ];

  it.each([
    ['', ['MUG-1', 'MUG-2', 'PAN-1']],
    ['mug-', ['MUG-1', 'MUG-2']],
    ['RED', ['MUG-1', 'PAN-1']],
    ['red mug', ['MUG-1']],
    ['kitchen red', ['PAN-1']],
    ['red absent', []],
    ['ölkännchen', ['MUG-2']],
    ['ÖL', ['MUG-2']],
    ['%', ['MUG-1']],
    ['50%m', []],
    ['_', ['MUG-2']],
    ['a_b', ['MUG-2']],
    ['mug-_', []],
    ['\\', []],
    ["'", []],
    ['mugholds', []],
  ])('%j all occur in %j', async (filter, skus) => {
    const store = await openStore(described);
    const found = store.list({ afterSku: '', words: filterWords(filter), limit: 10 });
    expect(found.map(({ sku }) => sku)).toEqual(skus);
  });
});

it('says so when the file is none of its own', async () => {
  await writeFile(path, 'not a database, but long enough to be taken for one '.repeat(40));
  await expect(openStore()).rejects.toThrow(DatabaseUnavailable);
});
