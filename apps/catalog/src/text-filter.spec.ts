import { filterWords, foldText } from './text-filter.ts';

it.each([
  ['', []],
  ['   ', []],
  ['Mug', ['mug']],
  [' oak  MUG\toak\n', ['mug', 'oak']],
  ['ÖL', ['öl']],
  ['100% a_b', ['100%', 'a_b']],
])('splits the filter %j into %j', (filter, words) => {
  expect(filterWords(filter)).toEqual(words);
});

it('gives filters that ask for the same the same words', () => {
  expect(filterWords('Iron pan')).toEqual(filterWords('PAN  iron iron'));
});

it('folds an accent that is composed like one that is not', () => {
  expect(foldText('Cafe\u0301')).toBe(foldText('CAF\u00c9'));
});
