import { slack } from './slack.ts';
import type { StepTrace } from './trace.ts';

function ended(id: string, startMs: number, endMs: number, ...waitedFor: string[]): StepTrace {
  return { id, readyMs: startMs, startMs, endMs, waitedFor, attempts: 1, state: 'succeeded' };
}

it('is how much later a step could have ended without the run ending later', () => {
  const trace = [
    ended('products', 0, 30),
    ended('stock', 0, 90),
    ended('rates', 30, 80, 'products', 'rates[ups]', 'rates[dhl]'),
    ended('rates[ups]', 30, 50, 'products'),
    ended('rates[dhl]', 30, 80, 'products'),
    ended('quote', 90, 100, 'stock', 'rates'),
  ];
  expect(Object.fromEntries(slack(trace))).toEqual({
    products: 10,
    stock: 0,
    rates: 10,
    'rates[ups]': 40,
    'rates[dhl]': 10,
    quote: 0,
  });
});

it('of nothing is nothing', () => {
  expect(slack([]).size).toBe(0);
});
