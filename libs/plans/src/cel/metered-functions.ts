import { celEnv, celList, isCelList } from '@bufbuild/cel';
import type { CelEnv, CelFunc, CelList, CelValue } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { charge } from './budget.ts';
import { listFunctions } from './list-functions.ts';
import { numberFunctions } from './number-functions.ts';
import { chargeDeep, chargeShallow } from './weight.ts';

/** The functions that expressions may call, as they are written. */
export const functions: CelEnv['funcs'] = celEnv({
  funcs: [...strings, ...numberFunctions, ...listFunctions],
}).funcs;

/** What a function is called after it has been metered: a name that nobody can write. */
export const meteredName = (name: string): string => `@metered:${name}`;

type Call = (id: number, target: CelValue | undefined, args: CelValue[]) => CelValue;

/** The arrays behind the lists that comprehensions grow. */
const growing = new WeakMap<CelList, CelValue[]>();

/** What comprehensions are rewritten to. The list is theirs alone, so that growing it in place is safe. */
const own: Readonly<Record<string, Call>> = {
  '@tick': (_id, _target, [value]) => {
    charge(1);
    return value!;
  },
  '@list': () => {
    const array: CelValue[] = [];
    const list = celList(array);
    growing.set(list, array);
    return list;
  },
  '@append': (_id, _target, [list, element]) => {
    charge(1);
    growing.get(list as CelList)!.push(element!);
    return list!;
  },
};

/** Reading a number of very many digits takes the square of their number. */
const chargeDigits = ([text]: readonly (CelValue | undefined)[]): void => {
  if (typeof text === 'string') charge(1 + text.length ** 2 / 4096);
};

/** How much work a function does beyond that of looking at its arguments as they are. */
const charges: Readonly<Record<string, (values: readonly (CelValue | undefined)[]) => void>> = {
  // A list of lists of lists would be walked through all of them again and again.
  '_+_': (values) => values.forEach(chargeShallow),
  // A size is known without looking at what is counted.
  size: (values) => values.forEach(chargeShallow),
  matches: ([text, pattern]) => {
    if (typeof text !== 'string' || typeof pattern !== 'string') return;
    const repeats = [...pattern.matchAll(/\{(\d+)/g)].map(([, count]) => Number(count));
    charge((1 + text.length / 16) * (1 + pattern.length) * Math.max(1, ...repeats));
  },
  replace: ([text, what, by]) => {
    if (typeof text !== 'string' || typeof what !== 'string' || typeof by !== 'string') return;
    const pieces = what === '' ? text.length : text.length / what.length;
    charge(((text.length + pieces * by.length) * (1 + pieces)) / 256);
  },
  int: chargeDigits,
  uint: chargeDigits,
  double: chargeDigits,
};

/** Lists that were put together are copied, because a chain of them would be walked link by link. */
const flat = (name: string, result: CelValue): CelValue =>
  name === '_+_' && isCelList(result) ? celList([...result]) : result;

/** All functions under their metered names: each charges for its work before it does it. */
export const meteredFunctions: CelFunc[] = [
  ...[...new Set([...functions].map(({ name }) => name))].map((name) => {
    const group = functions.find(name)!;
    const chargeFor = charges[name] ?? ((values) => values.forEach((value) => chargeDeep(value)));
    return functionOf(meteredName(name), (id, target, args) => {
      charge(1);
      chargeFor(target === undefined ? args : [target, ...args]);
      return flat(name, group.call(id, target, args) as CelValue);
    });
  }),
  ...Object.entries(own).map(([name, call]) => functionOf(name, call)),
];

/** A function that takes whatever it is given: no signature can be declared for all overloads at once. */
function functionOf(name: string, call: Call): CelFunc {
  const [any] = numberFunctions;
  return Object.create(any!, {
    ...{ id: { value: name }, name: { value: name }, call: { value: call } },
  }) as CelFunc;
}
