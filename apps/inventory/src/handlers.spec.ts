import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { ReservationState } from '@trivium/contracts/shop/inventory/v1/inventory';
import { Code, durationFromMs, findDetail } from '@trivium/rpc';
import { failureOf } from '@trivium/testing';
import { serveInventory } from './spec/served-inventory.ts';

const lines = [{ sku: 'MUG', quantity: 3 }];

it('answers each method in the words of the contract', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const { client } = served;
  const expected = {
    reservationId: 'r1',
    lines,
    state: ReservationState.RESERVATION_STATE_HELD,
    expireTime: new Date(2500),
  };
  const reserve = { reservationId: 'r1', lines, ttl: durationFromMs(2500) };
  expect(await client.reserve(reserve)).toEqual({ reservation: expected });
  const state = ReservationState.RESERVATION_STATE_COMMITTED;
  expect(await client.commit({ reservationId: 'r1' })).toEqual({
    reservation: { ...expected, state },
  });
  await client.reserve({ reservationId: 'r2', lines });
  expect((await client.release({ reservationId: 'r2' })).reservation).toMatchObject({
    state: ReservationState.RESERVATION_STATE_RELEASED,
    expireTime: new Date(900_000),
  });
  expect(await client.getStock({ skus: ['MUG'] })).toEqual({
    levels: [{ sku: 'MUG', onHand: 7n, reserved: 0n, shipped: 3n, received: 10n }],
  });
});

it('returns an expired reservation as EXPIRED', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const reserve = { reservationId: 'r1', lines, ttl: durationFromMs(1000) };
  await served.client.reserve(reserve);
  served.shop.pass(1000);
  const { reservation } = await served.client.reserve(reserve);
  expect(reservation?.state).toBe(ReservationState.RESERVATION_STATE_EXPIRED);
});

it('takes a ttl that is left out for 15 minutes', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const first = await served.client.reserve({ reservationId: 'r1', lines });
  const ttl = durationFromMs(900_000);
  expect(await served.client.reserve({ reservationId: 'r1', lines, ttl })).toEqual(first);
});

it('answers too little stock with each short line', async () => {
  await using served = await serveInventory({ MUG: 10, POT: 2, PAN: 0 });
  const error = await failureOf(
    served.client.reserve({
      reservationId: 'r1',
      lines: [
        { sku: 'POT', quantity: 3 },
        { sku: 'MUG', quantity: 1 },
        { sku: 'PAN', quantity: 1 },
      ],
    }),
  );
  expect(error.code).toBe(Code.FAILED_PRECONDITION);
  expect(findDetail(error, PreconditionFailure)?.violations).toEqual([
    { type: 'STOCK', subject: 'POT', description: 'wanted 3, available 2' },
    { type: 'STOCK', subject: 'PAN', description: 'wanted 1, available 0' },
  ]);
  expect(findDetail(error, ErrorInfo)).toMatchObject({
    reason: 'INSUFFICIENT_STOCK',
    domain: 'shop.inventory.v1',
  });
});

it('answers unknown SKUs with one detail for each', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const skus = ['NONE-1', 'MUG', 'NONE-2'];
  const reserve = {
    reservationId: 'r1',
    lines: skus.map((sku) => ({ sku, quantity: 1 })),
  };
  for (const call of [served.client.getStock({ skus }), served.client.reserve(reserve)]) {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ErrorInfo)?.metadata.get('skuCount')).toBe('2');
    const resources = error.details
      .filter(({ typeUrl }) => typeUrl.endsWith('ResourceInfo'))
      .map(({ value }) => ResourceInfo.decode(value).resourceName);
    expect(resources).toEqual(['NONE-1', 'NONE-2']);
  }
});

it('answers a hundred unknown SKUs of full length with as many details as a trailer holds', async () => {
  await using served = await serveInventory({});
  const skus = Array.from({ length: 100 }, (_, n) => `NONE-${n}-`.padEnd(40, 'X'));
  const error = await failureOf(served.client.getStock({ skus }));
  expect(error.code).toBe(Code.NOT_FOUND);
  expect(findDetail(error, ErrorInfo)?.metadata.get('skuCount')).toBe('100');
  expect(findDetail(error, ResourceInfo)?.resourceName).toBe(skus[0]);
});

it('answers fifty short lines of full length with each of them', async () => {
  const skus = Array.from({ length: 50 }, (_, n) => `SOME-${n}-`.padEnd(40, 'X'));
  await using served = await serveInventory(Object.fromEntries(skus.map((sku) => [sku, 999])));
  const error = await failureOf(
    served.client.reserve({
      reservationId: 'r1',
      lines: skus.map((sku) => ({ sku, quantity: 1000 })),
    }),
  );
  expect(error.code).toBe(Code.FAILED_PRECONDITION);
  expect(findDetail(error, PreconditionFailure)?.violations.map(({ subject }) => subject)).toEqual(
    skus,
  );
});

it('answers an id that is taken with what to do about it', async () => {
  await using served = await serveInventory({ MUG: 10 });
  await served.client.reserve({ reservationId: 'r1', lines });
  const error = await failureOf(
    served.client.reserve({ reservationId: 'r1', lines: [{ sku: 'MUG', quantity: 4 }] }),
  );
  expect(error.code).toBe(Code.ALREADY_EXISTS);
  expect(error.message).toContain('choose a new reservation_id');
  expect(findDetail(error, ErrorInfo)?.reason).toBe('RESERVATION_ID_REUSED');
  expect(findDetail(error, ResourceInfo)).toMatchObject({
    resourceType: 'shop.inventory.v1.Reservation',
    resourceName: 'r1',
  });
});

it('answers an unknown reservation with its id', async () => {
  await using served = await serveInventory({});
  for (const method of [served.client.commit, served.client.release]) {
    const error = await failureOf(method({ reservationId: 'none' }));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)?.resourceName).toBe('none');
  }
});

it('answers a reservation that has ended otherwise with its state', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const { client, shop } = served;
  const reasonOf = async (call: Promise<unknown>) => {
    const error = await failureOf(call);
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(findDetail(error, PreconditionFailure)?.violations).toMatchObject([
      { type: 'RESERVATION_STATE', subject: 'r1' },
    ]);
    return findDetail(error, ErrorInfo)?.reason;
  };
  await client.reserve({ reservationId: 'r1', lines });
  shop.pass(900_000);
  expect(await reasonOf(client.commit({ reservationId: 'r1' }))).toBe('RESERVATION_EXPIRED');
});

it.each([
  ['an empty id', { reservationId: '', lines }, 'reservation_id'],
  ['no lines', { reservationId: 'r1', lines: [] }, 'lines'],
  [
    'a quantity of nothing',
    { reservationId: 'r1', lines: [{ sku: 'MUG', quantity: 0 }] },
    'lines[0].quantity',
  ],
  [
    'a SKU in lower case',
    { reservationId: 'r1', lines: [{ sku: 'mug', quantity: 1 }] },
    'lines[0].sku',
  ],
  ['a ttl of half a second', { reservationId: 'r1', lines, ttl: durationFromMs(500) }, 'ttl'],
])('refuses %s by its field', async (_what, request, field) => {
  await using served = await serveInventory({ MUG: 10 });
  const error = await failureOf(served.client.reserve(request));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field }]);
});

it('refuses a SKU that stands in two lines', async () => {
  await using served = await serveInventory({ MUG: 10 });
  const error = await failureOf(
    served.client.reserve({ reservationId: 'r1', lines: [...lines, ...lines] }),
  );
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(error.message).toContain('each sku may stand in one line only');
});

it('answers that it is unavailable once its database is gone', async () => {
  await using served = await serveInventory({ MUG: 10 });
  await served.shop.db.close();
  const errors = await Promise.all([
    failureOf(served.client.getStock({ skus: ['MUG'] })),
    failureOf(served.client.reserve({ reservationId: 'r1', lines })),
  ]);
  expect(errors.map(({ code }) => code)).toEqual([Code.UNAVAILABLE, Code.UNAVAILABLE]);
});
