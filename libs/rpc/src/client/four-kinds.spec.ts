import { Metadata } from '@grpc/grpc-js';
import { GetProductRequest, CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { firstValueFrom, from, map, take, toArray } from 'rxjs';
import { closeAll, startEcho } from '../spec/echo.ts';
import { methodPath } from '../service-definition.ts';
import type { Client } from './client.ts';

afterEach(closeAll);

it('calls a unary method', async () => {
  const { client } = await startEcho();
  await expect(client.say({ typeUrl: 'hello' })).resolves.toEqual({
    typeUrl: 'hello',
    value: Buffer.alloc(0),
  });
});

it('receives a stream of responses as an Observable', async () => {
  const { client } = await startEcho();
  const responses = client.repeat({ typeUrl: '1000' }).pipe(toArray());
  await expect(firstValueFrom(responses)).resolves.toHaveLength(1000);
});

it('sends an Observable as a stream of requests', async () => {
  const { client } = await startEcho();
  const words = from(['one ', 'two ', 'three']).pipe(map((word) => ({ value: Buffer.from(word) })));
  const { value } = await client.collect(words);
  expect(value.toString()).toBe('one two three');
});

it('sends an AsyncIterable as a stream of requests', async () => {
  const { client } = await startEcho();
  async function* words() {
    for (const word of ['one ', 'two ', 'three']) yield { value: Buffer.from(word) };
  }
  const { value } = await client.collect(words());
  expect(value.toString()).toBe('one two three');
});

it('sends no request of an empty stream', async () => {
  const { client } = await startEcho();
  await expect(client.collect(from([]))).resolves.toMatchObject({ value: Buffer.alloc(0) });
});

it('streams both ways', async () => {
  const { client } = await startEcho();
  const words = from(['one', 'two', 'three']).pipe(map((typeUrl) => ({ typeUrl })));
  const answers = client.converse(words).pipe(
    map(({ typeUrl }) => typeUrl),
    toArray(),
  );
  await expect(firstValueFrom(answers)).resolves.toEqual(['one', 'two', 'three']);
});

it('calls when it is subscribed, each time anew', async () => {
  let calls = 0;
  const { client } = await startEcho({
    async *repeat() {
      calls += 1;
      yield { typeUrl: `call ${calls}` };
    },
  });
  const responses = client.repeat({}).pipe(take(1));
  expect(calls).toBe(0);
  await expect(firstValueFrom(responses)).resolves.toMatchObject({ typeUrl: 'call 1' });
  await expect(firstValueFrom(responses)).resolves.toMatchObject({ typeUrl: 'call 2' });
});

it('sends metadata along, from an object or as grpc-js has it', async () => {
  const seen: unknown[] = [];
  const { client } = await startEcho({
    say: async (request, { metadata }) => {
      seen.push(metadata.get('x-tenant'));
      return request;
    },
  });
  await client.say({}, { metadata: { 'x-tenant': 'acme' } });
  const metadata = new Metadata();
  metadata.add('x-tenant', 'one');
  metadata.add('x-tenant', 'two');
  await client.say({}, { metadata });
  expect(seen).toEqual([['acme'], ['one, two']]);
  expect(metadata.getMap()).toEqual({ 'x-tenant': 'one' });
});

it('is typed by its contract', () => {
  // Compiled, and never called: a wrong type here is a failing build.
  const typed = async (client: Client<typeof CatalogDefinition>) => {
    const { product } = await client.getProduct({ sku: 'MUG-1' });
    // @ts-expect-error -- a number is no SKU
    await client.getProduct({ sku: 1 });
    return product?.sku satisfies string | undefined;
  };
  expect(typed).toBeInstanceOf(Function);
  expect(GetProductRequest.$type).toBe('shop.catalog.v1.GetProductRequest');
});

it('calls a method by its path', () => {
  expect(methodPath(CatalogDefinition, 'getProduct')).toBe('/shop.catalog.v1.Catalog/GetProduct');
});
