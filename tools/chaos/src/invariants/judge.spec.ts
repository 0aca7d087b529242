import { OrderState } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Afterwards, Evidence, OrderEvidence } from '../evidence/evidence.ts';
import { orderEvent } from '../spec/scripted-checkout.ts';
import { soundEvidence, soundOrder, soundWatch } from '../spec/sound-evidence.ts';
import { judge } from './judge.ts';

const violated = (evidence: Evidence): string[] =>
  judge(evidence)
    .filter(({ violations }) => violations.length > 0)
    .map(({ name }) => name);

const withOrder = (more: Partial<OrderEvidence>): Evidence => ({
  ...soundEvidence(),
  orders: [{ ...soundOrder(), ...more }],
});
const withAfterwards = (more: Partial<Afterwards>): Evidence =>
  withOrder({ afterwards: { ...soundOrder().afterwards!, ...more } });
const withBooks = (more: Partial<Evidence['books']>): Evidence => ({
  ...soundEvidence(),
  books: { ...soundEvidence().books, ...more },
});
const withStockAfter = (more: object): Evidence => {
  const { stock, ...rest } = soundEvidence();
  return { ...rest, stock: { ...stock, after: [{ ...stock.after[0]!, ...more }] } };
};
const watched = (...events: Parameters<typeof orderEvent>[0][]) => ({
  ...soundWatch(),
  events: events.map(orderEvent),
});

it('finds nothing wrong where nothing is', () => {
  expect(violated(soundEvidence())).toEqual([]);
});

it.each<[string, Evidence, RegExp]>([
  ['an order that was never acknowledged', withOrder({ orderIds: new Set() }), /is acknowledged/],
  ['a run that stalled', { ...soundEvidence(), stalled: true }, /is acknowledged/],
  ['an order without its end', withAfterwards({ late: watched(1, 2) }), /one terminal event/],
  [
    'an order with two ends',
    withAfterwards({ late: watched(1, { end: 2 }, { end: 3 }) }),
    /one terminal/,
  ],
  ['an event after the end', withAfterwards({ late: watched(1, { end: 2 }, 3) }), /one terminal/],
  ['an operation that is not done', withAfterwards({ isDone: false }), /one terminal/],
  ['an order that is gone', withAfterwards({ order: undefined }), /still there/],
  ['an order that is not listed', { ...soundEvidence(), listed: [] }, /still there/],
  ['two orders of one request', withOrder({ orderIds: new Set(['o', 'p']) }), /no request id/],
  ['an order that nobody was told of', { ...soundEvidence(), listed: ['o', 'p'] }, /no request id/],
  ['another order for a repeated request', withAfterwards({ repeated: 'p' }), /no request id/],
  ['a request that was refused', withOrder({ violations: ['r: refused'] }), /no request id/],
  [
    'an order that should have failed',
    withOrder({ planned: { ...soundOrder().planned, mayEnd: ['FAILED'] } }),
    /without a fault/,
  ],
  ['a gap in what was seen', withOrder({ watches: [watched(1, { end: 3 })] }), /no gap/],
  [
    'what a watcher found itself',
    withOrder({ watches: [{ ...soundWatch(), violations: ['o: …'] }] }),
    /no gap/,
  ],
  ['a watcher who saw other events', withOrder({ watches: [watched(1, 2, 3)] }), /sees what live/],
  ['a piece too many', withStockAfter({ onHand: 9n }), /stock is conserved/],
  ['pieces from nowhere', withStockAfter({ onHand: 9n, received: 11n }), /stock is conserved/],
  [
    'a row that differs from its reservations',
    withBooks({ stock: [{ ...soundEvidence().books.stock[0]!, committed: 4n }] }),
    /stock is conserved/,
  ],
  [
    'pieces that stay reserved',
    withStockAfter({ onHand: 7n, reserved: 1n }),
    /nothing stays reserved/,
  ],
  [
    'a reservation that stays held',
    withBooks({ reservations: [{ reservationId: 'o', state: 'HELD' }] }),
    /nothing stays reserved/,
  ],
  [
    'a reservation of nobody',
    withBooks({ reservations: [{ reservationId: 'p', state: 'RELEASED' }] }),
    /nothing stays reserved/,
  ],
  [
    'a transaction that does not balance',
    withBooks({ unbalanced: [{ reference: 'o', sumMinor: 1n }] }),
    /ledger/,
  ],
  ['a wrong balance', withBooks({ wrongBalances: ['bank'] }), /ledger/],
  ['a capture that is missing', withBooks({ payments: [] }), /captures are/],
  [
    'a capture of another amount',
    withBooks({ payments: [{ paymentId: 'o', state: 'CAPTURED', amountMinor: 999n }] }),
    /captures are/,
  ],
  ['money that stays set aside', withBooks({ heldMinor: 5n }), /captures are/],
  [
    'a capture for an order that failed',
    withAfterwards({
      order: { ...soundOrder().afterwards!.order!, state: OrderState.ORDER_STATE_FAILED },
    }),
    /captures are/,
  ],
  ['a parcel that was not delivered', withAfterwards({ shipmentEvents: 4 }), /parcel/],
  ['a service that stays away', { ...soundEvidence(), notBack: ['catalog: no'] }, /came back/],
  ['a damaged file', withBooks({ damage: ['checkout.db: row 3 missing'] }), /database is whole/],
])('finds %s', (_, evidence, name) => {
  expect(violated(evidence)).toEqual(expect.arrayContaining([expect.stringMatching(name)]));
});
