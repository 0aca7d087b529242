import { planOrders } from './order-plan.ts';

it('plans the same orders for the same seed, and others for another', () => {
  expect(planOrders({ seed: 1, orders: 50 })).toEqual(planOrders({ seed: 1, orders: 50 }));
  expect(planOrders({ seed: 2, orders: 50 })).not.toEqual(planOrders({ seed: 1, orders: 50 }));
});

it('gives each order a request id of its own', () => {
  const ids = planOrders({ seed: 1, orders: 500 }).map(({ request }) => request.requestId);
  expect(new Set(ids).size).toBe(500);
});

it('has orders that go well, that fail, that are cancelled, and that depend on who comes first', () => {
  const ends = new Set(planOrders({ seed: 1, orders: 200 }).map(({ mayEnd }) => mayEnd.join('|')));
  expect([...ends].sort()).toEqual([
    'COMPLETED',
    'COMPLETED|CANCELLED',
    'COMPLETED|FAILED',
    'FAILED',
  ]);
});
