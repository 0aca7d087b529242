import type { ConcurrencyLimit } from './concurrency-limit.ts';

/**
 * Creates a limit that stays as it is, and learns nothing; `Infinity` is none at all. Throws a
 * RangeError for a limit that is not above 0.
 */
export function createFixedLimit(limit: number): ConcurrencyLimit {
  if (!(limit > 0)) throw new RangeError(`A limit of calls must be above 0: ${limit}`);
  return {
    current: limit,
    isSaturated: false,
    observe: () => undefined,
    noteRefusal: () => undefined,
    typicalMs: () => undefined,
    unloadedMs: () => undefined,
  };
}
