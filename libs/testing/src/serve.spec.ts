import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { Code, errorTable, RpcError, type Handlers } from '@trivium/rpc';
import { failureOf } from './failure-of.ts';
import { serve } from './serve.ts';

class SoldOut extends Error {}

const errors = errorTable([[SoldOut, () => new RpcError(Code.NOT_FOUND, 'Sold out')]]);

const handlers: Handlers<typeof CatalogDefinition> = {
  async getProduct({ sku }) {
    if (sku !== 'MUG') throw new SoldOut();
    return { product: { sku, name: 'A mug' } };
  },
  batchGetProducts: async () => ({}),
  listProducts: async () => ({}),
};

it('serves handlers to a client, until it is disposed of', async () => {
  const served = await serve(CatalogDefinition, handlers);
  const { product } = await served.client.getProduct({ sku: 'MUG' });
  expect(product).toMatchObject({ sku: 'MUG', name: 'A mug' });
  await served[Symbol.asyncDispose]();
  await expect(served.client.getProduct({ sku: 'MUG' })).rejects.toThrow(RpcError);
});

it('lets the errors of a service leave it as its table says', async () => {
  await using served = await serve(CatalogDefinition, handlers, { errors });
  const error = await failureOf(served.client.getProduct({ sku: 'LAMP' }));
  expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'Sold out' });
});

it('has no failure of a call that does not fail', async () => {
  await expect(failureOf(Promise.resolve())).rejects.toThrow('should have failed');
  await expect(failureOf(Promise.reject(new SoldOut()))).rejects.toThrow(SoldOut);
});
