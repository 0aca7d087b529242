import type { Product } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { PricedLine } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Line } from '@trivium/contracts/shop/type/v1/line';
import type { Money } from '@trivium/contracts/shop/type/v1/money';
import { MixedCurrencies } from './errors.ts';

/** A line whose prices are known. */
export type Priced = PricedLine & { readonly unitPrice: Money; readonly total: Money };

/** Prices each line. `products` are those of the lines, in their order. */
export function priceLines(lines: readonly Line[], products: readonly Product[]): Priced[] {
  return lines.map(({ sku, quantity }, index) => {
    const { name = '', price: unitPrice = { amountMinor: 0n, currency: '' } } =
      products[index] ?? {};
    const total = { ...unitPrice, amountMinor: unitPrice.amountMinor * BigInt(quantity) };
    return { sku, name, quantity, unitPrice, total };
  });
}

/**
 * The sum of some amounts.
 *
 * @throws MixedCurrencies when they are not all of one currency.
 */
export function addUp(amounts: readonly Money[]): Money {
  const [first = { amountMinor: 0n, currency: '' }, ...rest] = amounts;
  return rest.reduce((sum, { amountMinor, currency }) => {
    if (currency !== sum.currency) throw new MixedCurrencies(sum.currency, currency);
    return { amountMinor: sum.amountMinor + amountMinor, currency };
  }, first);
}
