import type { Work } from '@trivium/async';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import { FulfillRequest } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { packAny } from '@trivium/rpc';
import { stages } from './stages.ts';

/** Waits so many milliseconds; rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<unknown>;

/**
 * The work on one order: stage after stage, each recorded together with its event. A stage that was
 * under way when the process ended takes its whole time again.
 */
export function fulfillmentWork({ stageMs, delay }: { stageMs: number; delay: Delay }): Work {
  return async (operation) => {
    const order = FulfillRequest.decode(operation.request);
    for (const [index, { id, state, describe }] of stages.entries()) {
      await operation.step(id, {
        type: Empty,
        repeatable: true,
        run: async (signal) => {
          await delay(stageMs * (index + 1), signal);
          return {};
        },
        event: () => ({ kind: state, description: describe(order) }),
      });
    }
    return packAny(Empty, {});
  };
}
