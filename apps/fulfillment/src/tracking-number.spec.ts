import { checkDigit, trackingNumber } from './tracking-number.ts';

it('is the same for the same order, and another one for another', () => {
  expect(trackingNumber('order-1', 'ups')).toBe(trackingNumber('order-1', 'ups'));
  expect(trackingNumber('order-1', 'ups')).not.toBe(trackingNumber('order-2', 'ups'));
  expect(trackingNumber('order-1', 'ups')).not.toBe(trackingNumber('order-1', 'dhl'));
});

it('begins with letters of the carrier and ends with a check digit', () => {
  const number = trackingNumber('order-1', 'green-wheels');
  expect(number).toMatch(/^GRE\d{17}$/);
  expect(number.at(-1)).toBe(checkDigit(number.slice(3, -1)));
  expect(trackingNumber('order-1', '7')).toMatch(/^\d{17}$/);
});

// The example of GS1: 37610425002123456 has the check digit 9.
it('computes the check digit as GS1 does', () => {
  expect(checkDigit('37610425002123456')).toBe('9');
});

it('hardly ever gives two orders the same number', () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => trackingNumber(`order-${i}`, 'ups'));
  expect(new Set(numbers).size).toBe(10_000);
});
