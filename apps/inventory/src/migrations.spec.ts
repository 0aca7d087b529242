import type { Sql } from '@trivium/sqlite';
import { openTemporaryInventory } from './spec/temporary-inventory.ts';

it.each([
  ['pieces out of nowhere', 'UPDATE stock SET on_hand = on_hand + 1'],
  ['pieces that vanish', 'UPDATE stock SET on_hand = on_hand - 1'],
  ['pieces received that are nowhere', 'UPDATE stock SET received = received + 1'],
  ['less than nothing on hand', 'UPDATE stock SET on_hand = -1, reserved = 11'],
  ['less than nothing reserved', 'UPDATE stock SET on_hand = 11, reserved = -1'],
  ['less than nothing shipped', 'UPDATE stock SET on_hand = 11, shipped = -1'],
])('the table of stock refuses %s', async (_what, statement) => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await expect(shop.db.write((sql: Sql) => sql.run(statement))).rejects.toThrow(/CHECK/);
  expect(shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 10, received: 10 }]);
});

it('the table of reservations lets none come back from its end', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  await shop.inventory.reserve({ reservationId: 'r1', lines: [{ sku: 'MUG', quantity: 1 }] });
  await shop.inventory.release('r1');
  await expect(
    shop.db.write((sql) => sql.run("UPDATE reservation SET state = 'HELD'")),
  ).rejects.toThrow('a reservation that has ended never changes');
});
