import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSetBase64 } from '@trivium/contracts';
import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import {
  type Channel,
  type Host,
  Code,
  createClient,
  createLogger,
  findDetail,
  openChannel,
  startHost,
} from '@trivium/rpc';
import { type JsonHandler, bindDynamically } from './dynamic-service.ts';

const types = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSetBase64, 'base64')),
);
const { methods } = types.getService('shop.catalog.v1.Catalog')!;
let host: Host;
let channel: Channel;
afterEach(async () => {
  channel.close();
  await host.drain({ force: true });
});

async function serve(handler: JsonHandler) {
  const descriptor = methods.find(({ name }) => name === 'GetProduct')!;
  const services = bindDynamically([{ descriptor, handler }]);
  const log = createLogger({ name: 'spec', level: 'silent' });
  host = await startHost({ address: '127.0.0.1:0', services, log });
  channel = openChannel(host.address);
  return createClient(CatalogDefinition, channel);
}

it('serves a typed method in JSON, known by its descriptor alone', async () => {
  const asked: unknown[] = [];
  const client = await serve(async (request) => {
    asked.push(request);
    return { product: { sku: 'MUG', price: { amountMinor: '9007199254740993', currency: 'EUR' } } };
  });
  const { product } = await client.getProduct({ sku: 'MUG' });
  expect(asked).toEqual([{ sku: 'MUG' }]);
  expect(product).toMatchObject({ price: { amountMinor: 9007199254740993n, currency: 'EUR' } });
});

it('validates by the rules of the contract', async () => {
  const client = await serve(async () => ({}));
  const error = await client.getProduct({ sku: '-' }).catch((caught) => caught);
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations[0]?.field).toBe('sku');
});

it('serves nothing else of the service', async () => {
  const client = await serve(async () => ({}));
  await expect(client.listProducts({})).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
});
