import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Bag } from './bag.ts';

it('has what was added and not removed', () => {
  const bag = new Bag<string>();
  const [one, two] = [bag.add('one'), bag.add('two')];
  bag.add('three');
  bag.remove(two);
  expect([...bag]).toEqual(['one', 'three']);
  expect(bag.size).toBe(2);
  bag.remove(one);
  bag.add('four');
  bag.add('five');
  expect([...bag].sort()).toEqual(['five', 'four', 'three']);
  expect(bag.size).toBe(3);
});

it('grows no further than what was in it at once', () => {
  const bag = new Bag<number>();
  const places = new Set<number>();
  for (let turn = 0; turn < 1_000; turn += 1) {
    const now = [bag.add(1), bag.add(2), bag.add(3)];
    for (const place of now) places.add(place);
    for (const place of now) bag.remove(place);
  }
  expect(places.size).toBe(3);
  expect([...bag]).toEqual([]);
});

/** What a small collection leaves of 20 MB that have been in it, 64 KB at a time; in MB. */
function leftBehind(add: (thing: object) => () => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const thing = () => ({ payload: new Array<number>(128).fill(0) });
  const removals = Array.from({ length: 64 }, () => add(thing()));
  // It is old from here on.
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < 20_000; count += 1) {
    removals.shift()!();
    removals.push(add(thing()));
  }
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  return (process.memoryUsage().heapUsed - before) / 2 ** 20;
}

it('leaves nothing behind for a full collection', () => {
  const bag = new Bag<object>();
  const left = leftBehind((thing) => {
    const place = bag.add(thing);
    return () => bag.remove(place);
  });
  expect(left).toBeLessThan(5);
});

it('can go when a Set leaves nothing behind, either', () => {
  const set = new Set<object>();
  const left = leftBehind((thing) => {
    set.add(thing);
    return () => void set.delete(thing);
  });
  expect(left).toBeGreaterThan(10);
});
