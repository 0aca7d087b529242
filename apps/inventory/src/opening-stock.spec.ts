import { openingStock, stockShelves } from './opening-stock.ts';
import { openTemporaryInventory } from './spec/temporary-inventory.ts';

const skus = Object.keys(openingStock);

it('puts the opening stock on the shelves of a new inventory', async () => {
  await using shop = await openTemporaryInventory({});
  await stockShelves(shop.db);
  expect(shop.inventory.levels(skus)).toEqual(
    Object.entries(openingStock).map(([sku, pieces]) => ({
      sku,
      onHand: pieces,
      reserved: 0,
      shipped: 0,
      received: pieces,
    })),
  );
});

it('leaves the stock of an inventory that has any as it is', async () => {
  await using shop = await openTemporaryInventory({});
  await stockShelves(shop.db);
  const lines = [{ sku: 'MUG-STONE-01', quantity: 2 }];
  await shop.inventory.reserve({ reservationId: 'r1', lines });
  await shop.inventory.commit('r1');
  const before = shop.inventory.levels(skus);
  await stockShelves(shop.db);
  expect(shop.inventory.levels(skus)).toEqual(before);
});

it('has one product that is sold out and one with a hundred pieces', () => {
  const pieces = Object.values(openingStock);
  expect(pieces.filter((count) => count === 0)).toHaveLength(1);
  expect(pieces.filter((count) => count === 100)).toHaveLength(1);
  expect(pieces.filter((count) => count < 0)).toEqual([]);
});
