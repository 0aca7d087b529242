import type { OrderEvidence } from '../evidence/evidence.ts';
import { endingOf, kindName } from '../traffic/order-ends.ts';
import type { Invariant } from './invariant.ts';

const requestIdOf = ({ planned }: OrderEvidence): string => planned.request.requestId;

const acknowledged: Invariant = {
  name: 'every order is acknowledged, however often its caller has to repeat it',
  violations: ({ orders, stalled }) => [
    ...(stalled ? ['nothing moved for a minute and a half, and the run was given up'] : []),
    ...orders
      .filter(({ orderIds }) => orderIds.size === 0)
      .map((order) => `${requestIdOf(order)}: never`),
  ],
};

const ended: Invariant = {
  name: 'every acknowledged order ends with one terminal event, and nothing comes after it',
  violations: ({ orders }) =>
    orders.flatMap(({ afterwards }) => {
      if (!afterwards) return [];
      const { orderId, late, isDone } = afterwards;
      const terminal = late.events.filter(endingOf).length;
      const last = late.events.at(-1);
      const problems = [
        ...(terminal === 1 ? [] : [`${terminal} terminal events`]),
        ...(last && endingOf(last) ? [] : [`its last event is ${last ? kindName(last) : 'none'}`]),
        ...(isDone ? [] : ['its operation is not done']),
      ];
      return problems.map((problem) => `${orderId}: ${problem}`);
    }),
};

const present: Invariant = {
  name: 'every acknowledged order is still there after all kills',
  violations: ({ orders, listed }) => {
    const ids = new Set(listed);
    return orders.flatMap(({ orderIds, afterwards }) =>
      [...orderIds].flatMap((orderId) => [
        ...(ids.has(orderId) ? [] : [`${orderId}: not in the list of operations`]),
        ...(afterwards?.order ? [] : [`${orderId}: not found`]),
      ]),
    );
  },
};

const unique: Invariant = {
  name: 'no request id made two orders, and with another body it is refused',
  violations: ({ orders, listed }) => {
    const known = new Set(orders.flatMap(({ orderIds }) => [...orderIds]));
    return [
      ...orders.flatMap(({ violations }) => violations),
      ...orders
        .filter(({ orderIds }) => orderIds.size > 1)
        .map((order) => `${requestIdOf(order)}: ${[...order.orderIds].join(', ')}`),
      ...orders
        .filter(({ afterwards }) => afterwards && afterwards.repeated !== afterwards.orderId)
        .map((order) => `${requestIdOf(order)}: sent again, ${order.afterwards?.repeated}`),
      ...listed.filter((id) => !known.has(id)).map((id) => `${id}: nobody was told of it`),
      ...(new Set(listed).size === listed.length ? [] : ['an order is listed twice']),
    ];
  },
};

const rightEnd: Invariant = {
  name: 'every order ends as it would have without a fault',
  violations: ({ orders }) =>
    orders.flatMap(({ planned, afterwards }) => {
      const last = afterwards?.late.events.at(-1);
      const ending = last && endingOf(last);
      if (!afterwards || !ending || planned.mayEnd.includes(ending)) return [];
      const why = last.error ? `: ${last.error.message}` : '';
      return [
        `${afterwards.orderId}: ${ending} where ${planned.mayEnd.join(' or ')} was due${why}`,
      ];
    }),
};

/** What holds for each order by itself. */
export const orderInvariants: readonly Invariant[] = [
  acknowledged,
  ended,
  present,
  unique,
  rightEnd,
];
