import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CatalogDefinition,
  type GetProductResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import { PlaceOrderMetadata } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Destination } from '@trivium/contracts/shop/type/v1/parcel';
import { plan, run } from '@trivium/parallel';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { workspaceRoot } from './command-line.ts';
import { basket, useShop } from './shop-fixture.ts';

const fixture = useShop({ env: { STAGE_MS: '10' } });
const source = readFileSync(import.meta.filename, 'utf8');
const readme = readFileSync(join(workspaceRoot, 'README.md'), 'utf8');

/** Code without imports and layout, so that only what it says is compared. */
const essence = (code: string) =>
  code
    .replace(/^import .*;$/gm, '')
    .replace(/,(?=\s*[)\]}])/g, '')
    .replace(/\s+/g, '');

/** A part of this file, which is compiled with it and run below. */
const region = (name: string) =>
  new RegExp(`// #region ${name}\n([^]*?)// #endregion`).exec(source)?.[1] ?? '';

it.each(['sync', 'async', 'parallel'])('the snippet on %s is the code that runs here', (name) => {
  const snippet = new RegExp(`<!-- snippet: ${name} -->\n+\`\`\`ts\n([^]*?)\`\`\``).exec(
    readme,
  )?.[1];
  const replaced = (snippet ?? '').replace(`'localhost:50051'`, 'catalogAddress');
  expect(essence(region(name))).not.toBe('');
  expect(essence(replaced)).toBe(essence(region(name)));
  for (const [line] of (snippet ?? '').matchAll(/^import .*;$/gm)) {
    const names = /\{ (.*) \} from (.*);/.exec(line);
    expect(source).toMatch(new RegExp(`${names?.[1]?.split(', ')[0]}[^;]*from ${names?.[2]}`));
  }
});

it('runs the snippet on sync', async () => {
  const catalogAddress = fixture.shop.service('catalog').address;
  // #region sync
  const catalog = createSyncClient(CatalogDefinition, openChannel(catalogAddress));
  const { product } = await catalog.getProduct({ sku: 'MUG-STONE-01' }, { timeoutMs: 500 });
  // #endregion
  expect(product?.sku).toBe('MUG-STONE-01');
});

it('runs the snippet on async', async () => {
  const { checkout } = fixture.clients;
  const { lines, destination } = basket;
  const [requestId, accountId, carrierId] = [randomUUID(), 'ada', 'postal'];
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const console = {
    log(_sequence: unknown, description = '') {
      if (seen.push(description) === 11) done.resolve();
    },
  };
  // #region async
  const { metadata } = await checkout.placeOrder({
    requestId,
    accountId,
    lines,
    destination,
    carrierId,
  });
  const { orderId } = PlaceOrderMetadata.decode(metadata!.value);
  checkout.watchOrder({ orderId, afterSequence: 0n }).subscribe(({ event }) => {
    console.log(event?.sequence, event?.description);
  });
  // #endregion
  await done.promise;
});

it('runs the snippet on parallel', async () => {
  const { catalog, shipping } = fixture.clients;
  const input = { sku: 'MUG-STONE-01', destination: basket.destination as Destination };
  const { signal } = new AbortController();
  const rateRequest = (
    carrierId: string,
    { product }: GetProductResponse,
    destination: Destination,
  ) => ({
    carrierId,
    destination,
    parcel: { weightGrams: product!.weightGrams, dimensions: product!.dimensions! },
  });
  // #region parallel
  const quote = plan<{ sku: string; destination: Destination }>()
    .step('product', ({ input, signal }) => catalog.getProduct({ sku: input.sku }, { signal }))
    .step('carriers', ({ signal }) => shipping.listCarriers({}, { signal }))
    .each(
      'rates',
      ['product', 'carriers'],
      ({ carriers }) => carriers.carriers,
      ({ carrierId }, { product, input, signal }) =>
        shipping.quoteRate(rateRequest(carrierId, product, input.destination), { signal }),
      { key: ({ carrierId }) => carrierId, timeoutMs: 500 },
    );
  const { values, trace } = await run(quote, input, { signal, deadlineMs: 1_000 }).result;
  // #endregion
  expect(values.rates.filter(({ outcome }) => outcome.ok).length).toBeGreaterThan(0);
  expect(trace.map(({ id }) => id)).toContain('rates[swift]');
});
