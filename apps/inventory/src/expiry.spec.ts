import { ReservationEnded } from './refusals.ts';
import { faultsOf, openTemporaryInventory } from './spec/temporary-inventory.ts';
import type { TemporaryInventory } from './spec/temporary-inventory.ts';

const hold = (
  shop: TemporaryInventory,
  { reservationId = 'r1', quantity = 8, ttlMs = 1000 } = {},
) => shop.inventory.reserve({ reservationId, lines: [{ sku: 'MUG', quantity }], ttlMs });

const bookedState = (shop: TemporaryInventory, reservationId: string) =>
  shop.db.read((sql) =>
    sql.get('SELECT state FROM reservation WHERE reservation_id = ?', reservationId),
  );

it('holds until the last millisecond and not one longer', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await hold(shop);
  shop.pass(999);
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 2, reserved: 8 }]);
  shop.pass(1);
  expect(shop.inventory.levels(['MUG'])).toEqual([
    { sku: 'MUG', onHand: 10, reserved: 0, shipped: 0, received: 10 },
  ]);
});

it('counts expired pieces as on hand before anything has booked their end', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await hold(shop, { reservationId: 'short', quantity: 3 });
  await hold(shop, { reservationId: 'long', quantity: 2, ttlMs: 2000 });
  shop.pass(1000);
  expect(bookedState(shop, 'short')).toEqual({ state: 'HELD' });
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 8, reserved: 2 }]);
});

it('sells the pieces of an expired reservation to the next who asks', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await hold(shop);
  shop.pass(1000);
  await expect(hold(shop, { reservationId: 'r2', quantity: 10 })).resolves.toMatchObject({
    state: 'HELD',
  });
  expect(bookedState(shop, 'r1')).toEqual({ state: 'EXPIRED' });
  expect(faultsOf(shop.db)).toEqual([]);
});

it('gives back the other lines of a reservation together with the one that is wanted', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10, POT: 5 });
  const lines = ['MUG', 'POT'].map((sku) => ({ sku, quantity: 4 }));
  await shop.inventory.reserve({ reservationId: 'r1', lines, ttlMs: 1000 });
  shop.pass(1000);
  await hold(shop, { reservationId: 'r2', quantity: 10 });
  expect(shop.inventory.levels(['POT'])).toMatchObject([{ onHand: 5, reserved: 0 }]);
});

it('refuses to commit what has expired, and books the end that it met', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await hold(shop);
  shop.pass(1000);
  const committed = shop.inventory.commit('r1');
  await expect(committed).rejects.toBeInstanceOf(ReservationEnded);
  await expect(committed).rejects.toMatchObject({ reservation: { state: 'EXPIRED' } });
  expect(bookedState(shop, 'r1')).toEqual({ state: 'EXPIRED' });
});

it('returns an expired reservation as it is when it is released or reserved again', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const held = await hold(shop);
  shop.pass(1000);
  const expired = { ...held, state: 'EXPIRED' };
  expect(await hold(shop)).toEqual(expired);
  expect(await shop.inventory.release('r1')).toEqual(expired);
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, reserved: 0 }]);
});

it('expires neither what was shipped nor what was given back', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await hold(shop, { reservationId: 'shipped', quantity: 1 });
  await shop.inventory.commit('shipped');
  await hold(shop, { reservationId: 'given back', quantity: 1 });
  await shop.inventory.release('given back');
  shop.pass(1000);
  expect(await shop.inventory.expireOverdue()).toBe(0);
  expect((await shop.inventory.commit('shipped')).state).toBe('COMMITTED');
  expect((await shop.inventory.release('given back')).state).toBe('RELEASED');
});

it('books all ends that are due, however many', async () => {
  await using shop = await openTemporaryInventory({ MUG: 1000 });
  await Promise.all(
    Array.from({ length: 450 }, (_, n) => hold(shop, { reservationId: `r${n}`, quantity: 1 })),
  );
  await hold(shop, { reservationId: 'later', quantity: 1, ttlMs: 5000 });
  shop.pass(1000);
  expect(await shop.inventory.expireOverdue()).toBe(450);
  expect(await shop.inventory.expireOverdue()).toBe(0);
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 999, reserved: 1 }]);
  expect(faultsOf(shop.db)).toEqual([]);
});
