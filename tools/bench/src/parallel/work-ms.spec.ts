import { workMs } from './work-ms.ts';

it('is the number that it is given', () => {
  expect(workMs('20')).toBe(20);
});

it('is 5 ms in the median, and 100 ms for one call in a hundred', () => {
  let at = 0;
  // Evenly over all pairs, rather than by chance.
  const random = (): number => ((at += 0.618_033_988_75), at % 1);
  const all = Array.from({ length: 20_000 }, () => workMs('tail', random)).sort((a, b) => a - b);
  expect(all[10_000]).toBeGreaterThan(4.5);
  expect(all[10_000]).toBeLessThan(5.5);
  expect(all.filter((ms) => ms === 100).length / all.length).toBeCloseTo(0.01, 2);
});
