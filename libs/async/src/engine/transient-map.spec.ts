import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TransientMap } from './transient-map.ts';

it('is a map, through many tables', () => {
  const map = new TransientMap<number, string>();
  for (let key = 0; key < 10_000; key += 1) {
    map.set(key, `first ${key}`);
    map.set(key, `${key}`);
    if (key >= 3) map.delete(key - 3);
  }
  expect(map.size).toBe(3);
  expect([...map.keys()]).toEqual([9_997, 9_998, 9_999]);
  expect([...map.values()]).toEqual(['9997', '9998', '9999']);
  expect([map.get(9_998), map.get(9_996)]).toEqual(['9998', undefined]);
});

it('keeps all of more than a table has room for', () => {
  const map = new TransientMap<number, number>();
  for (let key = 0; key < 10_000; key += 1) map.set(key, key);
  expect(map.size).toBe(10_000);
  expect([...map.values()].every((value, index) => value === index)).toBe(true);
});

it('leaves nothing behind for a full collection', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const map = new TransientMap<string, object>();
  const payload = (key: number) => map.set(`${key}`, new Array<number>(128).fill(0));
  for (let key = 0; key < 64; key += 1) payload(key);
  // It is old from here on.
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let key = 64; key < 20_000; key += 1) {
    map.delete(`${key - 64}`);
    payload(key);
  }
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  // Of 20 MB; a Map keeps them all.
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(5);
});
