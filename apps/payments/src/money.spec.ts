import { formatMoney } from './money.ts';

it.each([
  [1250n, 'EUR', '12.50 EUR'],
  [7n, 'EUR', '0.07 EUR'],
  [0n, 'USD', '0.00 USD'],
  [1250n, 'JPY', '1250 JPY'],
  [1250n, 'KWD', '1.250 KWD'],
  [2n ** 63n - 1n, 'EUR', '92233720368547758.07 EUR'],
])('writes %s of %s as %s', (amountMinor, currency, text) => {
  expect(formatMoney({ amountMinor, currency })).toBe(text);
});
