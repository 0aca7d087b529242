import { ReservationState } from '@trivium/contracts/shop/inventory/v1/inventory';
import { Code, RpcError } from '@trivium/rpc';
import { openingStock } from './opening-stock.ts';
import { serveInventory } from './spec/served-inventory.ts';
import { faultsOf } from './spec/temporary-inventory.ts';

const times = <T>(count: number, call: (n: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, (_, n) => call(n)));

function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const outcome of outcomes) {
    const code =
      outcome.status === 'fulfilled' ? Code.OK : RpcError.from(outcome.reason as unknown).code;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

it('sells the last hundred pieces to a hundred of five hundred who ask at once', async () => {
  await using served = await serveInventory(openingStock);
  const sku = Object.keys(openingStock).find((key) => openingStock[key] === 100)!;
  const outcomes = await times(500, (n) =>
    served.client.reserve({ reservationId: `r${n}`, lines: [{ sku, quantity: 1 }] }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 100],
      [Code.FAILED_PRECONDITION, 400],
    ]),
  );
  expect(await served.client.getStock({ skus: [sku] })).toEqual({
    levels: [{ sku, onHand: 0n, reserved: 100n, shipped: 0n, received: 100n }],
  });
  expect(faultsOf(served.shop.db)).toEqual([]);
});

it('has one effect and fifty equal answers for one reservation asked for fifty times at once', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      served.client.reserve({ reservationId: 'r1', lines: [{ sku: 'MUG', quantity: 3 }] }),
    ),
  );
  expect(answers[0]?.reservation?.state).toBe(ReservationState.RESERVATION_STATE_HELD);
  expect(answers).toEqual(Array.from({ length: 50 }, () => answers[0]));
  expect(served.shop.inventory.levels(['MUG'])).toMatchObject([{ onHand: 7, reserved: 3 }]);
});

it('gives an id to one body of several that ask for it at once', async () => {
  await using served = await serveInventory({ MUG: 100 });
  const outcomes = await times(50, (n) =>
    served.client.reserve({
      reservationId: 'r1',
      lines: [{ sku: 'MUG', quantity: 1 + (n % 2) }],
    }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 25],
      [Code.ALREADY_EXISTS, 25],
    ]),
  );
  const [{ reserved } = { reserved: 0 }] = served.shop.inventory.levels(['MUG']);
  expect([1, 2]).toContain(reserved);
  expect(faultsOf(served.shop.db)).toEqual([]);
});

it('ends a reservation in one way when it is committed and released at once', async () => {
  await using served = await serveInventory({ MUG: 10 });
  await served.client.reserve({ reservationId: 'r1', lines: [{ sku: 'MUG', quantity: 3 }] });
  const outcomes = await times(50, (n) =>
    n % 2 === 0
      ? served.client.commit({ reservationId: 'r1' })
      : served.client.release({ reservationId: 'r1' }),
  );
  expect(codesOf(outcomes)).toEqual(
    new Map([
      [Code.OK, 25],
      [Code.FAILED_PRECONDITION, 25],
    ]),
  );
  expect(faultsOf(served.shop.db)).toEqual([]);
});
