import { ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, durationToMs, findDetail } from '@trivium/rpc';
import { type ServiceProcess, startProcess } from '@trivium/shop';
import { basket, useShop } from './shop-fixture.ts';

let swift: ServiceProcess;

// One carrier's rates come from a process of their own, so that it can be killed alone.
const serviceEnv = { checkout: {} as Record<string, string> };
beforeAll(async () => {
  swift = await startProcess('shipping', {
    env: { PORT: '0', CARRIERS: 'swift', LOG_LEVEL: 'warn' },
  });
  serviceEnv.checkout.CARRIER_ADDRESSES = `swift=${swift.address}`;
}, 30_000);
afterAll(() => swift?.stop());
const fixture = useShop({ serviceEnv });

it('quotes prices, stock and every carrier that serves the destination', async () => {
  const quote = await fixture.clients.checkout.quote(basket);
  expect(quote.subtotal).toEqual({ amountMinor: 2n * 1490n + 4590n, currency: 'EUR' });
  expect(quote.lines.map(({ sku, quantity, inStock }) => [sku, quantity, inStock])).toEqual([
    ['MUG-STONE-01', 2, true],
    ['TORCH-HEAD-01', 1, true],
  ]);
  expect(quote.missing).toEqual([]);
  expect(quote.offers.map(({ carrierId }) => carrierId)).toContain('swift');
  expect(quote.offers.length).toBeGreaterThanOrEqual(4);
  const prices = quote.offers.map(({ price }) => price?.amountMinor ?? 0n);
  expect(prices.every((price, index) => index === 0 || price >= (prices[index - 1] ?? 0n))).toBe(
    true,
  );
});

it('asks carriers as soon as the weights are known, and says what waited for what', async () => {
  const { timings } = await fixture.clients.checkout.quote(basket);
  const byStep = new Map(timings.map((timing) => [timing.step, timing]));
  expect([...byStep.keys()]).toEqual(
    expect.arrayContaining(['products', 'stock', 'carriers', 'rates[swift]']),
  );
  const rate = byStep.get('rates[swift]');
  expect([...(rate?.waitedFor ?? [])].sort()).toEqual(['carriers', 'products']);
  expect(rate?.method).toBe('shop.shipping.v1.Shipping/QuoteRate');
  const end = durationToMs(byStep.get('products')!.endOffset!);
  expect(durationToMs(rate!.startOffset!)).toBeGreaterThanOrEqual(end);
});

it('names the SKU that does not exist', async () => {
  const request = { ...basket, lines: [{ sku: 'NO-SUCH-THING', quantity: 1 }] };
  const error = await fixture.clients.checkout.quote(request).catch((caught) => caught);
  expect(error.code).toBe(Code.NOT_FOUND);
  expect(findDetail(error, ResourceInfo)?.resourceName).toContain('NO-SUCH-THING');
});

it('is there in part when a carrier is killed', async () => {
  await swift.kill();
  const quote = await fixture.clients.checkout.quote(basket);
  expect(quote.offers.length).toBeGreaterThanOrEqual(3);
  expect(quote.offers.map(({ carrierId }) => carrierId)).not.toContain('swift');
  expect(quote.missing.map(({ step }) => step)).toEqual(['rates[swift]']);
  expect([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]).toContain(quote.missing[0]?.reason?.code);
});
