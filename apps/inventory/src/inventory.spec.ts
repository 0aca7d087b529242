import {
  InsufficientStock,
  ReservationEnded,
  ReservationIdReused,
  UnknownReservation,
  UnknownSkus,
} from './refusals.ts';
import { faultsOf, openTemporaryInventory } from './spec/temporary-inventory.ts';

const mugs = (quantity: number) => [{ sku: 'MUG', quantity }];

it('holds the pieces of all lines and takes them off the shelf', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10, POT: 5 });
  const lines = [
    { sku: 'POT', quantity: 2 },
    { sku: 'MUG', quantity: 3 },
  ];
  const reservation = await shop.inventory.reserve({ reservationId: 'r1', lines, ttlMs: 5000 });
  expect(reservation).toEqual({
    reservationId: 'r1',
    lines,
    state: 'HELD',
    ttlMs: 5000,
    expiresAtMs: 5000,
  });
  expect(shop.inventory.levels(['MUG', 'POT'])).toEqual([
    { sku: 'MUG', onHand: 7, reserved: 3, shipped: 0, received: 10 },
    { sku: 'POT', onHand: 3, reserved: 2, shipped: 0, received: 5 },
  ]);
});

it('holds for 15 minutes when nobody says for how long', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const { expiresAtMs } = await shop.inventory.reserve({ reservationId: 'r1', lines: mugs(1) });
  expect(expiresAtMs).toBe(900_000);
});

it('reserves nothing when any line is short, and names every short one', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10, POT: 5, PAN: 0 });
  const reserved = shop.inventory.reserve({
    reservationId: 'r1',
    lines: [
      { sku: 'POT', quantity: 6 },
      { sku: 'MUG', quantity: 10 },
      { sku: 'PAN', quantity: 1 },
    ],
  });
  await expect(reserved).rejects.toBeInstanceOf(InsufficientStock);
  await expect(reserved).rejects.toMatchObject({
    shortages: [
      { sku: 'POT', wanted: 6, available: 5 },
      { sku: 'PAN', wanted: 1, available: 0 },
    ],
  });
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, reserved: 0 }]);
  await expect(shop.inventory.release('r1')).rejects.toBeInstanceOf(UnknownReservation);
});

it('leaves the id of a refused reservation free', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const { inventory } = shop;
  await expect(inventory.reserve({ reservationId: 'r1', lines: mugs(11) })).rejects.toThrow(
    InsufficientStock,
  );
  await expect(inventory.reserve({ reservationId: 'r1', lines: mugs(10) })).resolves.toMatchObject({
    state: 'HELD',
  });
});

it('names every SKU that it does not know, before it looks at quantities', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const lines = ['NONE-1', 'MUG', 'NONE-2'].map((sku) => ({ sku, quantity: 999 }));
  const refused = { name: 'UnknownSkus', skus: ['NONE-1', 'NONE-2'] };
  await expect(shop.inventory.reserve({ reservationId: 'r1', lines })).rejects.toMatchObject(
    refused,
  );
  expect(() => shop.inventory.levels(['NONE-1', 'MUG', 'NONE-2'])).toThrow(UnknownSkus);
});

it('returns the reservation as it is now for the same body under the same id', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10, POT: 5 });
  const { inventory } = shop;
  const [mug, pot] = [
    { sku: 'MUG', quantity: 3 },
    { sku: 'POT', quantity: 2 },
  ];
  const first = await inventory.reserve({ reservationId: 'r1', lines: [mug, pot] });
  shop.pass(1000);
  expect(await inventory.reserve({ reservationId: 'r1', lines: [mug, pot] })).toEqual(first);
  const swapped = { reservationId: 'r1', lines: [pot, mug], ttlMs: 900_000 };
  expect(await inventory.reserve(swapped)).toEqual(first);
  await inventory.commit('r1');
  expect(await inventory.reserve(swapped)).toEqual({ ...first, state: 'COMMITTED' });
  expect(inventory.levels(['MUG'])).toMatchObject([{ onHand: 7, reserved: 0, shipped: 3 }]);
});

it.each([
  ['another quantity', { lines: mugs(4) }],
  ['another SKU', { lines: [{ sku: 'POT', quantity: 3 }] }],
  ['one more line', { lines: [...mugs(3), { sku: 'POT', quantity: 1 }] }],
  ['another ttl', { lines: mugs(3), ttlMs: 1000 }],
])('refuses %s under an id that is taken', async (_what, other) => {
  await using shop = await openTemporaryInventory({ MUG: 10, POT: 5 });
  await shop.inventory.reserve({ reservationId: 'r1', lines: mugs(3) });
  await expect(shop.inventory.reserve({ reservationId: 'r1', ...other })).rejects.toBeInstanceOf(
    ReservationIdReused,
  );
  expect(shop.inventory.levels(['MUG', 'POT'])).toMatchObject([
    { onHand: 7, reserved: 3 },
    { onHand: 5, reserved: 0 },
  ]);
});

it('ships what is held, once, however often it is told to', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await shop.inventory.reserve({ reservationId: 'r1', lines: mugs(3) });
  const committed = await shop.inventory.commit('r1');
  expect(committed.state).toBe('COMMITTED');
  expect(await shop.inventory.commit('r1')).toEqual(committed);
  expect(shop.inventory.levels(['MUG'])).toEqual([
    { sku: 'MUG', onHand: 7, reserved: 0, shipped: 3, received: 10 },
  ]);
});

it('gives back what is held, once, however often it is told to', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await shop.inventory.reserve({ reservationId: 'r1', lines: mugs(3) });
  const released = await shop.inventory.release('r1');
  expect(released.state).toBe('RELEASED');
  expect(await shop.inventory.release('r1')).toEqual(released);
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, reserved: 0, shipped: 0 }]);
});

it('neither ships what was given back nor gives back what was shipped', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const { inventory } = shop;
  await inventory.reserve({ reservationId: 'given back', lines: mugs(3) });
  await inventory.release('given back');
  await expect(inventory.commit('given back')).rejects.toBeInstanceOf(ReservationEnded);
  await inventory.reserve({ reservationId: 'shipped', lines: mugs(3) });
  await inventory.commit('shipped');
  await expect(inventory.release('shipped')).rejects.toBeInstanceOf(ReservationEnded);
  expect(inventory.levels(['MUG'])).toMatchObject([{ onHand: 7, reserved: 0, shipped: 3 }]);
});

it('reserves a released id never again, and says so by its state', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const { inventory } = shop;
  await inventory.reserve({ reservationId: 'r1', lines: mugs(3) });
  const released = await inventory.release('r1');
  expect(await inventory.reserve({ reservationId: 'r1', lines: mugs(3) })).toEqual(released);
  expect(inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, reserved: 0 }]);
});

it('does not know a reservation that was never made', async () => {
  await using shop = await openTemporaryInventory({});
  await expect(shop.inventory.commit('none')).rejects.toBeInstanceOf(UnknownReservation);
  await expect(shop.inventory.release('none')).rejects.toBeInstanceOf(UnknownReservation);
});

it('keeps the books through two thousand random calls, expiries and restarts', async () => {
  await using shop = await openTemporaryInventory({ MUG: 40, POT: 25, PAN: 3 });
  const random = createRandom(7);
  const settled: Promise<unknown>[] = [];
  for (let step = 0; step < 2000; step += 1) {
    const reservationId = `r${random(300)}`;
    const skus = ['MUG', 'POT', 'PAN'].filter(() => random(2) === 1);
    const lines = skus.map((sku) => ({ sku, quantity: 1 + random(6) }));
    const calls = [
      () => shop.inventory.reserve({ reservationId, lines, ttlMs: 1 + random(500) }),
      () => shop.inventory.commit(reservationId),
      () => shop.inventory.release(reservationId),
      () => shop.inventory.expireOverdue(),
    ];
    settled.push(calls[[0, 0, 0, 1, 2, 3][random(6)]!]!().catch((error: unknown) => error));
    if (random(20) === 0) shop.pass(random(200));
    if (random(200) === 0) {
      await Promise.all(settled);
      await shop.restart();
      expect(faultsOf(shop.db)).toEqual([]);
    }
  }
  const outcomes = await Promise.all(settled);
  expect(faultsOf(shop.db)).toEqual([]);
  expect(outcomes.filter((outcome) => outcome instanceof Error && !isRefusal(outcome))).toEqual([]);
  expect(outcomes.filter((outcome) => !(outcome instanceof Error)).length).toBeGreaterThan(200);
});

function isRefusal(error: Error): boolean {
  return [InsufficientStock, ReservationEnded, ReservationIdReused, UnknownReservation].some(
    (type) => error instanceof type,
  );
}

/** Numbers from 0 to below a bound, the same ones in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
