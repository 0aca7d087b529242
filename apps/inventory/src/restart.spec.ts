import { InsufficientStock } from './refusals.ts';
import { faultsOf, openTemporaryInventory } from './spec/temporary-inventory.ts';

it('knows after a restart all that it answered for before', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const body = { lines: [{ sku: 'MUG', quantity: 2 }], ttlMs: 60_000 };
  const held = await shop.inventory.reserve({ reservationId: 'held', ...body });
  await shop.inventory.reserve({ reservationId: 'shipped', ...body });
  const shipped = await shop.inventory.commit('shipped');
  await shop.inventory.reserve({ reservationId: 'given back', ...body });
  const givenBack = await shop.inventory.release('given back');
  const levels = shop.inventory.levels(['MUG']);

  await shop.restart();

  expect(shop.inventory.levels(['MUG'])).toEqual(levels);
  expect(await shop.inventory.reserve({ reservationId: 'held', ...body })).toEqual(held);
  expect(await shop.inventory.commit('shipped')).toEqual(shipped);
  expect(await shop.inventory.release('given back')).toEqual(givenBack);
  expect(faultsOf(shop.db)).toEqual([]);
});

it('commits what was called before the database was closed', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const reserved = shop.inventory.reserve({
    reservationId: 'r1',
    lines: [{ sku: 'MUG', quantity: 10 }],
  });
  await shop.restart();
  await expect(reserved).resolves.toMatchObject({ state: 'HELD' });
  await expect(
    shop.inventory.reserve({ reservationId: 'r2', lines: [{ sku: 'MUG', quantity: 1 }] }),
  ).rejects.toBeInstanceOf(InsufficientStock);
});

it('expires after a restart what expired while it was down', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const body = { lines: [{ sku: 'MUG', quantity: 2 }], ttlMs: 1000 };
  await shop.inventory.reserve({ reservationId: 'r1', ...body });
  shop.pass(5000);
  await shop.restart();
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, reserved: 0 }]);
  await expect(shop.inventory.reserve({ reservationId: 'r1', ...body })).resolves.toMatchObject({
    state: 'EXPIRED',
  });
});
