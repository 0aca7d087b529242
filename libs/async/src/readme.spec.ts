import type { DeepPartial } from '@trivium/contracts/shop/inventory/v1/inventory';
import { ReserveRequest, ReserveResponse } from '@trivium/contracts/shop/inventory/v1/inventory';
import { createLogger, packAny } from '@trivium/rpc';
import { openDatabase } from '@trivium/sqlite';
import { closeEngines, newPath } from './fixtures/open-engine.ts';
import { createOperations, operationMigrations, operationsService } from './index.ts';

afterEach(closeEngines);

const log = createLogger({ name: 'readme', level: 'silent' });
const request = ReserveRequest.encode(
  ReserveRequest.fromPartial({ lines: [{ sku: 'MUG-STONE-01', quantity: 2 }] }),
).finish();
const inventory = {
  reserve: async (
    { reservationId, lines }: DeepPartial<ReserveRequest>,
    _options: { signal: AbortSignal },
  ) => ReserveResponse.fromPartial({ reservation: { reservationId, lines } }),
};

it('runs the example of the README', async () => {
  const seen: string[] = [];

  const database = openDatabase({ path: newPath(), migrations: operationMigrations });
  const operations = createOperations({
    database,
    log,
    kinds: {
      hold: async (operation) => {
        const lines = ReserveRequest.decode(operation.request).lines;
        const held = await operation.step('reserve', {
          type: ReserveResponse,
          run: (signal) => inventory.reserve({ reservationId: operation.id, lines }, { signal }),
          event: () => ({ kind: 'RESERVED', description: 'The pieces are held.' }),
        });
        return packAny(ReserveResponse, held);
      },
    },
  });
  await operations.resume();
  const services = [operationsService(operations)];

  const { name } = await operations.start({ kind: 'hold', requestId: 'r-1', request });
  for await (const { sequence, kind } of operations.events(name, { after: 0 })) {
    seen.push(`${sequence} ${kind}`); // 1 ACCEPTED, 2 RESERVED, 3 SUCCEEDED
  }
  const { result } = await operations.wait(name);

  expect(services).toHaveLength(1);
  expect(seen).toEqual(['1 ACCEPTED', '2 RESERVED', '3 SUCCEEDED']);
  expect(ReserveResponse.decode((result!.value as { value: Buffer }).value)).toMatchObject({
    reservation: { reservationId: name.replace('operations/', '') },
  });
  await operations.close();
  await database.close();
});
