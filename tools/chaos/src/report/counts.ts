import { OrderEventKind } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Fault } from '../plan/fault-plan.ts';
import type { OrderRecord } from '../traffic/order-record.ts';

/** What has happened so far. */
export interface Counts {
  orders: number;
  sent: number;
  acknowledged: number;
  ended: number;
  kills: number;
  pauses: number;
  /** Events that live watchers saw. */
  events: number;
  /** How often a live watcher had to connect again, or did of its own will. */
  reconnections: number;
  /** How often another process took an order over. */
  takeovers: number;
}

/** Counts of a run that is about to begin. */
export const noCounts = (orders: number): Counts => ({
  orders,
  ...{
    sent: 0,
    acknowledged: 0,
    ended: 0,
    kills: 0,
    pauses: 0,
    events: 0,
    reconnections: 0,
    takeovers: 0,
  },
});

/** Counts a fault. */
export function countFault(counts: Counts, { kind }: Fault): void {
  if (kind === 'kill') counts.kills += 1;
  else counts.pauses += 1;
}

/** Counts what the live watchers went through. */
export function countWatches(counts: Counts, records: readonly OrderRecord[]): void {
  for (const { watches } of records) {
    for (const { connections } of watches) counts.reconnections += connections - 1;
    counts.takeovers +=
      watches[0]?.events.filter(({ kind }) => kind === OrderEventKind.ORDER_EVENT_KIND_RESUMED)
        .length ?? 0;
  }
}

/** The counts in one line. */
export const describeCounts = (counts: Counts): string =>
  `${counts.acknowledged}/${counts.orders} acknowledged, ${counts.ended} ended, ` +
  `${counts.kills} kills, ${counts.pauses} pauses, ${counts.events} events seen`;
