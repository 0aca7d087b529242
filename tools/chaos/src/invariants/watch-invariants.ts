import { isDeepStrictEqual } from 'node:util';
import type { Watch } from '../traffic/watch.ts';
import type { Invariant } from './invariant.ts';

const gapless: Invariant = {
  name: 'every watcher saw 1 to n through all disconnects: no gap, no repeat, in order',
  violations: ({ orders }) =>
    orders.flatMap(({ watches, afterwards }) => {
      const all: readonly Watch[] = afterwards ? [...watches, afterwards.late] : watches;
      return all.flatMap((watch) => [
        ...watch.violations,
        ...watch.events
          .filter(({ sequence }, index) => sequence !== BigInt(index + 1))
          .map(({ sequence }) => `${afterwards?.orderId}: event ${sequence} is out of place`),
      ]);
    }),
};

const same: Invariant = {
  name: 'who watches late, from 0, sees what live watchers saw',
  violations: ({ orders }) =>
    orders.flatMap(({ watches, afterwards }) => {
      if (!afterwards) return [];
      const { orderId, late } = afterwards;
      return watches.flatMap(({ events }) => {
        if (isDeepStrictEqual(events, late.events)) return [];
        const at = late.events.findIndex(
          (event, index) => !isDeepStrictEqual(event, events[index]),
        );
        return [
          `${orderId}: ${events.length} events live, ${late.events.length} late; they differ from event ${at < 0 ? late.events.length + 1 : at + 1} on`,
        ];
      });
    }),
};

/** What holds for whoever watches. */
export const watchInvariants: readonly Invariant[] = [gapless, same];
