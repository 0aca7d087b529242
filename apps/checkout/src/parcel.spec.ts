import { Product } from '@trivium/contracts/shop/catalog/v1/catalog';
import { packParcel } from './parcel.ts';

const product = (weightGrams: number, lengthMm: number, widthMm: number, heightMm: number) =>
  Product.fromPartial({ weightGrams, dimensions: { lengthMm, widthMm, heightMm } });

it('takes a single piece as it is', () => {
  expect(packParcel([{ sku: 'A', quantity: 1 }], [product(500, 300, 200, 100)])).toEqual({
    weightGrams: 500,
    dimensions: { lengthMm: 300, widthMm: 200, heightMm: 100 },
  });
});

it('grows in height with the volume of all pieces', () => {
  const lines = [
    { sku: 'A', quantity: 3 },
    { sku: 'B', quantity: 1 },
  ];
  const parcel = packParcel(lines, [product(500, 300, 200, 100), product(100, 10, 20, 250)]);
  // 3 × 6,000,000 mm³ and 50,000 mm³, on 300 mm × 200 mm.
  expect(parcel).toEqual({
    weightGrams: 1600,
    dimensions: { lengthMm: 300, widthMm: 200, heightMm: 301 },
  });
});
