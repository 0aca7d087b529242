import { jest } from '@jest/globals';
import { startExpirySweep } from './expiry-sweep.ts';
import { openTemporaryInventory } from './spec/temporary-inventory.ts';

const unheard = { info: () => undefined, error: () => undefined };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it('books what is overdue each time its interval has passed', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  let heard = Promise.withResolvers<object>();
  const log = { ...unheard, info: (fields: object) => heard.resolve(fields) };
  const sweep = startExpirySweep({ inventory: shop.inventory, everyMs: 500, log });
  for (const reservationId of ['r1', 'r2']) {
    heard = Promise.withResolvers<object>();
    const lines = [{ sku: 'MUG', quantity: 4 }];
    await shop.inventory.reserve({ reservationId, lines, ttlMs: 1000 });
    shop.pass(1000);
    jest.advanceTimersByTime(500);
    expect(await heard.promise).toEqual({ expired: 1 });
  }
  await sweep.stop();
});

it('goes on after a round that failed', async () => {
  await using shop = await openTemporaryInventory({});
  let heard = Promise.withResolvers<object>();
  const log = { ...unheard, error: (fields: object) => heard.resolve(fields) };
  const sweep = startExpirySweep({ inventory: shop.inventory, everyMs: 500, log });
  await shop.db.close();
  for (let round = 0; round < 2; round += 1) {
    heard = Promise.withResolvers<object>();
    jest.advanceTimersByTime(500);
    expect(await heard.promise).toMatchObject({ err: { name: 'DatabaseUnavailable' } });
  }
  await sweep.stop();
});

it('waits for the round that runs when it is stopped, and starts no other', async () => {
  await using shop = await openTemporaryInventory({ MUG: 10 });
  const lines = [{ sku: 'MUG', quantity: 4 }];
  await shop.inventory.reserve({ reservationId: 'r1', lines, ttlMs: 1000 });
  shop.pass(1000);
  const sweep = startExpirySweep({ inventory: shop.inventory, everyMs: 500, log: unheard });
  jest.advanceTimersByTime(500);
  await sweep.stop();
  expect(shop.db.read((sql) => sql.get('SELECT state FROM reservation'))).toEqual({
    state: 'EXPIRED',
  });
  expect(jest.getTimerCount()).toBe(0);
});
