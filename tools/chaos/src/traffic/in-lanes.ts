/** Does something with each of a list, so many at a time, in their order; resolves with the results, in that order. */
export async function inLanes<T, R>(
  list: readonly T[],
  lanes: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(list.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < list.length) {
      const index = next++;
      results[index] = await act(list[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, list.length) }, lane));
  return results;
}
