import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BadRequest, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { HealthDefinition } from '@trivium/contracts/grpc/health/v1/health';
import { CheckoutDefinition } from '@trivium/contracts/shop/checkout/v1/checkout';
import { Code, createClient, durationToMs, findDetail, openChannel } from '@trivium/rpc';
import { type Shop, serviceNames, startShop } from '@trivium/shop';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { listServices } from './reflection.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
const planFile = resolve(import.meta.dirname, '../../orchestrator/plans/quote.yaml');
const basket = {
  lines: [
    { sku: 'MUG-STONE-01', quantity: 2 },
    { sku: 'TORCH-HEAD-01', quantity: 1 },
  ],
  destination: { country: 'DE', postalCode: '10115' },
};
let shop: Shop;
let orchestrator: Orchestrator;

beforeAll(async () => {
  // One carrier is so slow that no quote waits for it.
  const serviceEnv = { shipping: { CARRIER_DELAYS_MS: 'swift=60000' } };
  shop = await startShop({ dataDir, ports: 'free', serviceEnv });
  const names = serviceNames.filter((name) => name !== 'checkout');
  orchestrator = await startOrchestrator({
    backends: Object.fromEntries(names.map((name) => [name, shop.service(name).address])),
    plans: { 'quote.yaml': readFileSync(planFile, 'utf8') },
  });
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  await shop?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

// The same assertions, whoever serves the method: code, or a plan.
describe.each(['checkout', 'orchestrator'] as const)('Checkout/Quote of %s', (server) => {
  let channel: ReturnType<typeof openChannel>;
  const quote = (request: Parameters<typeof client.quote>[0]) => client.quote(request);
  let client: ReturnType<typeof createClient<typeof CheckoutDefinition>>;
  beforeAll(() => {
    channel = openChannel(
      server === 'checkout' ? shop.service('checkout').address : orchestrator.process.address,
    );
    client = createClient(CheckoutDefinition, channel);
  });
  afterAll(() => channel.close());

  it('quotes prices, stock, the parcel and every carrier that answers, the cheapest first', async () => {
    const answer = await quote(basket);
    expect(answer.subtotal).toEqual({ amountMinor: 2n * 1490n + 4590n, currency: 'EUR' });
    expect(answer.lines.map(({ sku, quantity, inStock }) => [sku, quantity, inStock])).toEqual([
      ['MUG-STONE-01', 2, true],
      ['TORCH-HEAD-01', 1, true],
    ]);
    expect(answer.lines[0]).toMatchObject({
      name: 'Stoneware mug, slate',
      unitPrice: { amountMinor: 1490n, currency: 'EUR' },
      total: { amountMinor: 2980n, currency: 'EUR' },
    });
    expect(answer.offers.length).toBeGreaterThanOrEqual(3);
    for (const offer of answer.offers) expect(offer.carrierName).not.toBe('');
    const prices = answer.offers.map(({ price }) => price?.amountMinor ?? 0n);
    expect(prices).toEqual([...prices].sort((a, b) => Number(a - b)));
    expect(answer.parcel?.weightGrams).toBeGreaterThan(2 * 480);
  });

  it('is there in part when a carrier is slow, and says which and why', async () => {
    const { offers, missing } = await quote(basket);
    expect(offers.map(({ carrierId }) => carrierId)).not.toContain('swift');
    expect(missing.map(({ step, reason }) => [step, reason?.code])).toEqual([
      ['rates[swift]', Code.DEADLINE_EXCEEDED],
    ]);
  });

  it('asks carriers as soon as the weights are known, and says what waited for what', async () => {
    const { timings } = await quote(basket);
    const byStep = new Map(timings.map((timing) => [timing.step, timing]));
    const steps = ['products', 'stock', 'carriers', 'rates[postal]'];
    expect([...byStep.keys()]).toEqual(expect.arrayContaining(steps));
    const rate = byStep.get('rates[postal]')!;
    expect([...rate.waitedFor].sort()).toEqual(['carriers', 'products']);
    expect(rate.method).toBe('shop.shipping.v1.Shipping/QuoteRate');
    const end = durationToMs(byStep.get('products')!.endOffset!);
    expect(durationToMs(rate.startOffset!)).toBeGreaterThanOrEqual(end);
  });

  it('names the SKU that does not exist', async () => {
    const request = { ...basket, lines: [{ sku: 'NO-SUCH-THING', quantity: 1 }] };
    const error = await quote(request).catch((caught) => caught);
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)?.resourceName).toContain('NO-SUCH-THING');
  });

  it('refuses what the contract forbids, by field', async () => {
    const twice = [...basket.lines, basket.lines[0]!];
    const error = await quote({ ...basket, lines: twice }).catch((caught) => caught);
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    const missing = await quote({ lines: basket.lines }).catch((caught) => caught);
    const fields = findDetail(missing, BadRequest)?.fieldViolations.map(({ field }) => field);
    expect(fields).toEqual(['destination']);
  });

  it('is listed by reflection, and its health is SERVING', async () => {
    expect(await listServices(channel)).toContain('shop.checkout.v1.Checkout');
    const health = createClient(HealthDefinition, channel);
    await expect(health.check({ service: 'shop.checkout.v1.Checkout' })).resolves.toEqual({
      status: 1,
    });
  });
});

it('answers the same by code and by plan, but for the time that it took', async () => {
  const answers = await Promise.all(
    [shop.service('checkout').address, orchestrator.process.address].map(async (address) => {
      const channel = openChannel(address);
      const { timings, missing, ...answer } = await createClient(CheckoutDefinition, channel).quote(
        basket,
      );
      channel.close();
      const steps = timings.map(({ step, method, status }) => [step, method, status?.code]).sort();
      return { ...answer, steps, missing: missing.map(({ step }) => step) };
    }),
  );
  expect(answers[1]).toEqual(answers[0]);
});

it('quotes in part, by code and by plan, when shipping and inventory are gone', async () => {
  await shop.service('shipping').kill();
  await shop.service('inventory').kill();
  for (const address of [shop.service('checkout').address, orchestrator.process.address]) {
    const channel = openChannel(address);
    const answer = await createClient(CheckoutDefinition, channel).quote(basket);
    channel.close();
    expect(answer.subtotal).toEqual({ amountMinor: 2n * 1490n + 4590n, currency: 'EUR' });
    expect(answer.lines.map(({ inStock }) => inStock)).toEqual([undefined, undefined]);
    expect(answer.offers).toEqual([]);
    expect(answer.missing.map(({ step }) => step).sort()).toEqual(['carriers', 'stock']);
  }
});
