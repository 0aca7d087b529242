import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { type Plan, type StepTypes, dynamicPlan, run } from '@trivium/parallel';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { Effect } from 'effect';
import pMap from 'p-map';
import { from, lastValueFrom, mergeMap } from 'rxjs';
import { openRawClient } from './raw-client.ts';
import type { WayTitle } from './way-titles.ts';

/** Makes so many calls that need nothing of each other, and waits for all. */
export type FanOut = (width: number) => Promise<unknown>;

/** What is asked for: the target, and that it takes as long as a tail has it. */
const sku = 'a tail';

const overRaw =
  (all: (call: () => Promise<unknown>, width: number) => Promise<unknown>) =>
  async (address: string): Promise<FanOut> => {
    const call = openRawClient(address);
    return (width) => all(() => call(sku), width);
  };

/** Ours: a plan of as many steps, each a call of our client; a plan is made once, and run often. */
async function ours(address: string, options: object = {}): Promise<FanOut> {
  // As many as raw grpc-js has.
  const channel = openChannel(address, { connections: 1 });
  await channel.ready();
  const catalog = createSyncClient(CatalogDefinition, channel, options);
  const plans = new Map<number, Plan<unknown, StepTypes>>();
  const { signal } = new AbortController();
  return (width) => {
    const call = ({ signal }: { signal: AbortSignal }) => catalog.getProduct({ sku }, { signal });
    const steps = Array.from({ length: width }, (_, place) => ({ name: `call ${place}`, call }));
    const known = plans.get(width) ?? dynamicPlan(steps);
    plans.set(width, known);
    return run(known, undefined, { signal }).result;
  };
}

const times = (width: number): number[] => Array.from({ length: width }, (_, place) => place);

/** The ways to make calls at once, by what they are called in the tables. */
export const ways: Readonly<Record<WayTitle, (address: string) => Promise<FanOut>>> = {
  trivium: (address) => ours(address),
  'trivium, hedged': (address) => ours(address, { hedge: { percentile: 0.9, maxExtra: 0.1 } }),
  'Promise.all': overRaw((call, width) => Promise.all(times(width).map(call))),
  'p-map': overRaw((call, width) => pMap(times(width), call)),
  'RxJS mergeMap': overRaw((call, width) => lastValueFrom(from(times(width)).pipe(mergeMap(call)))),
  'Effect.all': overRaw((call, width) =>
    Effect.runPromise(
      Effect.all(
        times(width).map(() => Effect.promise(call)),
        { concurrency: 'unbounded' },
      ),
    ),
  ),
  'one by one': overRaw(async (call, width) => {
    for (let made = 0; made < width; made++) await call();
  }),
};
