import type { StepType } from '@trivium/async';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import {
  Order,
  OrderEventKind as Kind,
  OrderState as State,
} from '@trivium/contracts/shop/checkout/v1/checkout';

/** What is recorded, told and changed once a step of an order is done. */
export interface Chapter {
  /** The id under which its outcome is recorded. */
  readonly id: string;
  /** How its outcome is kept. */
  readonly type: StepType<unknown>;
  /** The event that tells of it; a step without one is recorded silently. */
  readonly event?: readonly [kind: Kind, description: string];
  /** What it changes of the order. */
  readonly change?: (order: Order, outcome: Order) => Order;
  /** Whether it is taken even if the order has been cancelled by then. */
  readonly evenIfCancelled: boolean;
}

type Part = Partial<Chapter>;

/** Most steps have nothing that a later one reads. */
const chapter = (id: string, part: Part): Chapter => ({
  ...{ id, type: Empty as StepType<unknown>, evenIfCancelled: false },
  ...part,
});
const type = Order as StepType<unknown>;
const late = { evenIfCancelled: true };
const enter =
  (state: State) =>
  (order: Order): Order => ({ ...order, state });

const calls: readonly Chapter[] = [
  chapter('price', {
    type,
    event: [Kind.ORDER_EVENT_KIND_PRICED, 'Prices and shipping are fixed.'],
    change: (order, { lines, shipping, total }) => ({ ...order, lines, shipping, total }),
  }),
  chapter('reserve', {
    event: [Kind.ORDER_EVENT_KIND_STOCK_RESERVED, 'The pieces are held.'],
    change: enter(State.ORDER_STATE_RESERVED),
  }),
  chapter('authorize', {
    event: [Kind.ORDER_EVENT_KIND_PAYMENT_AUTHORIZED, 'The money is set aside.'],
    change: enter(State.ORDER_STATE_AUTHORIZED),
  }),
  chapter('dispatch', { change: enter(State.ORDER_STATE_FULFILLING) }),
  chapter('picked', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_PICKED, 'The pieces were taken from the shelves.'],
  }),
  chapter('packed', { ...late, event: [Kind.ORDER_EVENT_KIND_PACKED, 'The parcel is closed.'] }),
  chapter('handed-over', {
    ...{ ...late, type },
    event: [Kind.ORDER_EVENT_KIND_HANDED_OVER, 'The carrier has it.'],
    change: (order, { trackingNumber }) => ({ ...order, trackingNumber }),
  }),
  chapter('delivered', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_DELIVERED, 'The customer has it.'],
  }),
  chapter('commit', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_STOCK_COMMITTED, 'The pieces are booked out.'],
  }),
  chapter('capture', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_PAYMENT_CAPTURED, 'The money was taken.'],
    change: enter(State.ORDER_STATE_COMPLETED),
  }),
];

const undos: Readonly<Record<string, Chapter>> = {
  reserve: chapter('release', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_STOCK_RELEASED, 'The pieces were given back.'],
  }),
  authorize: chapter('void', {
    ...late,
    event: [Kind.ORDER_EVENT_KIND_PAYMENT_VOIDED, 'The money was given back.'],
  }),
};

const byStep: ReadonlyMap<string, Chapter> = new Map(calls.map((call) => [call.id, call]));

/** What is told of a step of the plan of an order, or of its undo. */
export const chapterOf = (step: string, kind: 'call' | 'undo'): Chapter =>
  (kind === 'call' ? byStep.get(step) : undos[step]) ?? chapter(step, {});
