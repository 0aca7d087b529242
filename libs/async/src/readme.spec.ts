import type { DeepPartial } from '@trivium/contracts/shop/inventory/v1/inventory';
import {
  InventoryDefinition,
  ReserveRequest,
  ReserveResponse,
} from '@trivium/contracts/shop/inventory/v1/inventory';
import { createLogger, packAny } from '@trivium/rpc';
import { closeEngines, newPath } from './fixtures/open-engine.ts';
import { createOperations, openOperationStore, operationServices } from './index.ts';

afterEach(closeEngines);

const log = createLogger({ name: 'readme', level: 'silent' });
const request = ReserveRequest.encode(
  ReserveRequest.fromPartial({ lines: [{ sku: 'MUG-STONE-01', quantity: 2 }] }),
).finish();
const inventory = {
  reserve: async ({ reservationId, lines }: DeepPartial<ReserveRequest>, _options: object) =>
    ReserveResponse.fromPartial({ reservation: { reservationId, lines } }),
  release: async (_request: object, _options: object) => ({}),
};

it('runs the example of the README', async () => {
  const seen: string[] = [];

  const store = await openOperationStore({ path: newPath() });
  const operations = createOperations({
    store,
    log,
    kinds: {
      hold: async (operation) => {
        const lines = ReserveRequest.decode(operation.request).lines;
        const held = await operation.call('reserve', {
          method: InventoryDefinition.methods.reserve,
          request: { reservationId: operation.id, lines },
          invoke: (request, options) => inventory.reserve(request, options),
          event: () => ({ kind: 'RESERVED', description: 'The pieces are held.' }),
          undo: { run: (signal) => inventory.release({ reservationId: operation.id }, { signal }) },
        });
        return packAny(ReserveResponse, held);
      },
    },
  });
  await operations.resume();
  const services = operationServices(operations);

  const { name } = await operations.start({ kind: 'hold', requestId: 'r-1', request });
  for await (const { sequence, kind } of operations.events(name, { after: 0 })) {
    seen.push(`${sequence} ${kind}`); // 1 ACCEPTED, 2 RESERVED, 3 SUCCEEDED
  }
  const { result } = await operations.wait(name);

  expect(services).toHaveLength(2);
  expect(seen).toEqual(['1 ACCEPTED', '2 RESERVED', '3 SUCCEEDED']);
  expect(ReserveResponse.decode((result!.value as { value: Buffer }).value)).toMatchObject({
    reservation: { reservationId: name.replace('operations/', '') },
  });
  await operations.close();
  await store.close();
});
