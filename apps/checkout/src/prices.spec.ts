import { Product } from '@trivium/contracts/shop/catalog/v1/catalog';
import { MixedCurrencies } from './errors.ts';
import { addUp, priceLines } from './prices.ts';

const euros = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });

it('prices a line by its product and quantity, beyond what a double can hold', () => {
  const mug = Product.fromPartial({
    sku: 'MUG',
    name: 'Mug',
    price: euros(9_007_199_254_740_993n),
  });
  expect(priceLines([{ sku: 'MUG', quantity: 3 }], [mug])).toEqual([
    {
      sku: 'MUG',
      name: 'Mug',
      quantity: 3,
      unitPrice: euros(9_007_199_254_740_993n),
      total: euros(27_021_597_764_222_979n),
    },
  ]);
});

it('adds up amounts of one currency only', () => {
  expect(addUp([euros(100n), euros(250n)])).toEqual(euros(350n));
  expect(() => addUp([euros(100n), { amountMinor: 1n, currency: 'USD' }])).toThrow(MixedCurrencies);
});
