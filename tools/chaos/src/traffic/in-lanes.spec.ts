import { inLanes } from './in-lanes.ts';

it('begins in the order of the list, so many at a time, and keeps the order in its results', async () => {
  const doors = [
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
    Promise.withResolvers<string>(),
  ];
  const begun: number[] = [];
  const results = inLanes(doors, 2, (door, index) => {
    begun.push(index);
    return door.promise;
  });
  expect(begun).toEqual([0, 1]);
  doors[1]!.resolve('b');
  await doors[1]!.promise;
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  doors[2]!.resolve('c');
  doors[0]!.resolve('a');
  expect(await results).toEqual(['a', 'b', 'c']);
});

it('does nothing for an empty list', async () => {
  expect(await inLanes([], 2, async () => 1)).toEqual([]);
});
