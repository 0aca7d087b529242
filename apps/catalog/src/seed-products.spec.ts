import { seedProducts } from './seed-products.ts';

it('has about sixty products on eight shelves', () => {
  expect(seedProducts.length).toBeGreaterThanOrEqual(60);
  expect(new Set(seedProducts.map(({ category }) => category)).size).toBe(8);
});

it('has each SKU once', () => {
  const skus = seedProducts.map(({ sku }) => sku);
  expect(new Set(skus).size).toBe(skus.length);
});

it.each(seedProducts.map((product) => [product.sku, product] as const))(
  '%s is described, priced, weighed and measured as the contract has it',
  (sku, { name, description, priceMinor, currency, weightGrams, dimensions }) => {
    expect(sku).toMatch(/^[A-Z0-9][A-Z0-9-]{1,39}$/);
    expect(name).not.toBe('');
    expect(description).toMatch(/\.$/);
    expect(priceMinor).toBeGreaterThan(0n);
    expect(currency).toBe('EUR');
    expect(weightGrams).toBeGreaterThan(0);
    expect(dimensions.lengthMm).toBeGreaterThanOrEqual(dimensions.widthMm);
    expect(dimensions.widthMm).toBeGreaterThanOrEqual(dimensions.heightMm);
    expect(dimensions.heightMm).toBeGreaterThan(0);
  },
);
