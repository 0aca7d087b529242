import { celFunc, celMethod, CelScalar, isCelList, isCelUint, listType } from '@bufbuild/cel';
import type { CelFunc, CelList, CelValue } from '@bufbuild/cel';
import { charge } from './budget.ts';

const { DYN, INT } = CelScalar;
const LIST = listType(DYN);

type Key = bigint | number | string | boolean;

/**
 * What the standard of CEL has no functions for and its extension libraries have: `sort`, `reverse`,
 * `slice`, `flatten`, `distinct` and `lists.range`; and `sum`, which none of them has.
 */
export const listFunctions: readonly CelFunc[] = [
  celFunc('sum', [LIST], DYN, sum),
  celFunc('lists.range', [INT], LIST, (count) => {
    charge(Number(count));
    return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
  }),
  celMethod('sort', LIST, [], LIST, function () {
    return sortedBy(this, this);
  }),
  celFunc('@sortBy', [LIST, LIST], LIST, sortedBy),
  celMethod('reverse', LIST, [], LIST, function () {
    return [...this].reverse();
  }),
  celMethod('slice', LIST, [INT, INT], LIST, function (from, to) {
    if (from < 0n || to < from || to > BigInt(this.size)) {
      throw new Error(`slice(${from}, ${to}) of a list of ${this.size}`);
    }
    return [...this].slice(Number(from), Number(to));
  }),
  celMethod('flatten', LIST, [], LIST, function () {
    return [...this].flatMap((element) => (isCelList(element) ? [...element] : [element]));
  }),
  celMethod('distinct', LIST, [], LIST, function () {
    const seen = new Set<Key>();
    return [...this].filter((element) => {
      const key = keyOf(element, 'distinct()');
      return !seen.has(key) && seen.add(key);
    });
  }),
];

function sum(list: CelList): bigint | number {
  let whole = 0n;
  let fraction: number | undefined;
  for (const element of list) {
    const value = isCelUint(element) ? element.value : element;
    if (typeof value === 'bigint') whole += value;
    else if (typeof value === 'number') fraction = (fraction ?? 0) + value;
    else throw new Error('sum() adds up numbers');
  }
  if (fraction !== undefined) return Number(whole) + fraction;
  if (BigInt.asIntN(64, whole) !== whole) throw new Error('int overflow in sum()');
  return whole;
}

function sortedBy(list: CelList, keys: CelList): CelValue[] {
  const sortKeys = [...keys].map((key) => keyOf(key, 'sort()'));
  if (new Set(sortKeys.map((key) => (typeof key === 'bigint' ? 'number' : typeof key))).size > 1) {
    throw new Error('sort() takes keys of one type');
  }
  charge(sortKeys.length * Math.log2(sortKeys.length + 1));
  return [...list]
    .map((element, index) => ({ element, key: sortKeys[index]! }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ element }) => element);
}

function keyOf(value: CelValue, who: string): Key {
  const key = isCelUint(value) ? value.value : value;
  if (typeof key === 'object') throw new Error(`${who} takes numbers, texts or bools`);
  return key;
}
