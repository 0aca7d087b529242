import { StepTiming } from '@trivium/contracts/shop/checkout/v1/checkout';
import { durationFromMs } from '@trivium/rpc';
import { longestChainMs } from './longest-chain.ts';

const timing = (step: string, startMs: number, endMs: number, waitedFor: string[] = []) =>
  StepTiming.fromPartial({
    step,
    waitedFor,
    startOffset: durationFromMs(startMs),
    endOffset: durationFromMs(endMs),
  });

it('adds up the calls that waited for each other, without the time in between', () => {
  const chain = longestChainMs([
    timing('products', 0, 4),
    timing('stock', 0, 9),
    timing('rates[a]', 6, 16, ['products']),
    timing('rates[b]', 6, 11, ['products']),
  ]);
  expect(chain).toBe(14);
});

it('is nothing for no calls', () => {
  expect(longestChainMs([])).toBe(0);
});
