/** The ways to make calls at once, in the order of the tables. */
export const wayTitles = [
  'trivium',
  'trivium, hedged',
  'Promise.all',
  'p-map',
  'RxJS mergeMap',
  'Effect.all',
  'one by one',
] as const;

/** One of them. */
export type WayTitle = (typeof wayTitles)[number];
