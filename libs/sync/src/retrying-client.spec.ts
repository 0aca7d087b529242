import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  type Channel,
  Code,
  type Host,
  RpcError,
  bind,
  createLogger,
  openChannel,
  startHost,
} from '@trivium/rpc';
import { createRetryingClient } from './retrying-client.ts';

let host: Host;
let channel: Channel;
let calls: string[];
let failuresLeft: number;

/** Fails as often as a spec wants, and counts every attempt. */
async function serve<T>(method: string, reply: T): Promise<T> {
  calls.push(method);
  if (failuresLeft-- > 0) throw new RpcError(Code.UNAVAILABLE, 'Not now');
  return reply;
}

beforeAll(async () => {
  const unused = () => serve('unused', {});
  const streamUnused = async function* () {
    yield await serve('unused', {});
  };
  host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'spec', level: 'silent' }),
    services: [
      bind(CatalogDefinition, {
        getProduct: () => serve('getProduct', { product: { sku: 'MUG' } }),
        batchGetProducts: unused,
        listProducts: unused,
      }),
      bind(CallsDefinition, {
        call: () => serve('call', {}),
        start: unused,
        watch: streamUnused,
        run: streamUnused,
        listMethods: unused,
        listPlans: unused,
      }),
    ],
  });
  channel = openChannel(host.address);
});
beforeEach(() => {
  calls = [];
});
afterAll(async () => {
  channel.close();
  await host.drain();
});

it('repeats a method that declares NO_SIDE_EFFECTS', async () => {
  failuresLeft = 2;
  const catalog = createRetryingClient(CatalogDefinition, channel, { random: () => 0 });
  const { product } = await catalog.getProduct({ sku: 'MUG' });
  expect(product?.sku).toBe('MUG');
  expect(calls).toEqual(['getProduct', 'getProduct', 'getProduct']);
});

it('calls a method that declares nothing once', async () => {
  failuresLeft = 1;
  const client = createRetryingClient(CallsDefinition, channel, { random: () => 0 });
  const call = { method: 'shop.catalog.v1.Catalog/GetProduct', request: {} };
  await expect(client.call({ call })).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(calls).toEqual(['call']);
});
