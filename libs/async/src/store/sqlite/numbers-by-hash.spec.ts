import fc from 'fast-check';
import type { HashedNumber } from './numbers-by-hash.ts';
import { NumbersByHash } from './numbers-by-hash.ts';

const inOrder = (entries: readonly HashedNumber[]): string[] =>
  entries.map(({ hash, number }) => `${hash} ${number}`).sort();

function numbersOf(table: NumbersByHash, hash: number): number[] {
  const numbers: number[] = [];
  table.find(hash, (number) => void numbers.push(number));
  return numbers.sort((one, other) => one - other);
}

it('finds what was added and not taken out, however alike the hashes are', () => {
  const hash = fc.oneof(
    fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    // These fall into the same places.
    fc.integer({ min: 0, max: 40 }).map((high) => high * 2 ** 40 + 511),
  );
  const entry = fc.record({ hash, number: fc.integer({ min: 1, max: 1_000_000 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 700 }), fc.integer({ max: 1_000_000 }), (all, end) => {
      const table = new NumbersByHash();
      for (const each of all) table.add(each.hash, each.number);
      const expectAll = (those: readonly HashedNumber[]): void => {
        expect(table.size).toBe(those.length);
        expect(inOrder(table.entries())).toEqual(inOrder(those));
        for (const { hash: of } of all.slice(0, 50)) {
          const numbers = those.filter((each) => each.hash === of).map(({ number }) => number);
          expect(numbersOf(table, of)).toEqual(numbers.sort((one, other) => one - other));
        }
      };
      expectAll(all);
      table.keepOnly(({ number }) => number > end);
      expectAll(all.filter(({ number }) => number > end));
      table.clear();
      expectAll([]);
    }),
    { numRuns: 50 },
  );
});

it('stops at what somebody makes something of', () => {
  const table = new NumbersByHash();
  for (const number of [1, 2, 3]) table.add(7, number);
  const seen: number[] = [];
  const found = table.find(7, (number) => {
    seen.push(number);
    return number === 2 ? 'two' : undefined;
  });
  expect([found, seen]).toEqual(['two', [1, 2]]);
  expect(table.find(8, () => 'any')).toBeUndefined();
});
