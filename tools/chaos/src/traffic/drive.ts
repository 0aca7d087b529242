import type { ShopClients } from '@trivium/shop';
import { Injector, type Victims } from '../faults/injector.ts';
import type { Fault } from '../plan/fault-plan.ts';
import type { PlannedOrder } from '../plan/order-plan.ts';
import { type Counts, countFault } from '../report/counts.ts';
import { inLanes } from './in-lanes.ts';
import { type OrderRecord, unsent } from './order-record.ts';
import { sendOrder } from './send-order.ts';
import { detectStall } from './stall.ts';

/** What a drive is made from. */
export interface DriveOptions {
  readonly victims: Victims;
  /** A set of clients for each checkout. */
  readonly homes: readonly ShopClients[];
  readonly orders: readonly PlannedOrder[];
  readonly faults: readonly Fault[];
  readonly concurrency: number;
  readonly counts: Counts;
  readonly signal: AbortSignal;
}

/** What came of the traffic and of the faults. */
export interface Drive {
  readonly records: readonly OrderRecord[];
  readonly notBack: readonly string[];
  readonly stalled: boolean;
}

/** Longer than the longest pause and any back-off together. */
const stallTimeoutMs = 90_000;

/**
 * Sends the orders, so many at a time, and does the faults meanwhile, until every order has ended and every service is
 * back. Traffic waits for faults that are late, so that none is left over for the time when there is none.
 */
export async function drive(options: DriveOptions): Promise<Drive> {
  const { victims: shop, homes, orders, faults, concurrency, counts } = options;
  const given = new AbortController();
  const signal = AbortSignal.any([options.signal, given.signal]);
  const stall = detectStall(stallTimeoutMs, () => given.abort());
  const onFault = (fault: Fault): void => {
    countFault(counts, fault);
    stall.moved();
  };
  const injector = new Injector({ shop, faults, signal, onFault });

  const send = async (planned: PlannedOrder, index: number): Promise<OrderRecord> => {
    injector.reach(index);
    await injector.struck(index - concurrency);
    if (signal.aborted || injector.notBack.length > 0) {
      given.abort();
      return unsent(planned);
    }
    counts.sent += 1;
    return sendOrder(planned, {
      ...{ homes: [...homes.slice(index % homes.length), ...homes], signal },
      onAcknowledged: () => void (counts.acknowledged += 1),
      onEvent: () => {
        stall.moved();
        counts.events += 1;
      },
      onEnded: () => void (counts.ended += 1),
    });
  };
  try {
    const records = await inLanes(orders, concurrency, send);
    await injector.settled();
    return { records, notBack: injector.notBack, stalled: stall.hasStalled };
  } finally {
    stall.stop();
  }
}
