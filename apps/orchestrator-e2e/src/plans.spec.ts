import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import { RunSummary } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code } from '@trivium/rpc';
import {
  type Shop,
  type ShopClients,
  openShopClients,
  serviceNames,
  startShop,
} from '@trivium/shop';
import { workspaceRoot } from './command-line.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';

const folder = join(workspaceRoot, 'apps/orchestrator/plans');
const dataDir = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
let shop: Shop;
let clients: ShopClients;
let orchestrator: Orchestrator;

beforeAll(async () => {
  shop = await startShop({ dataDir, ports: 'free' });
  clients = await openShopClients(shop);
  const addresses = serviceNames.map((name) => [name, shop.service(name).address]);
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  orchestrator = await startOrchestrator({
    backends: Object.fromEntries(addresses),
    plans: Object.fromEntries(files),
  });
}, 60_000);
afterAll(async () => {
  clients?.close();
  await orchestrator?.stop();
  await shop?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 30_000);

const sku = 'MUG-STONE-01';
const reserved = async () =>
  (await clients.inventory.getStock({ skus: [sku] })).levels[0]?.reserved;
const hold = async (accountId: string, quantity: number) => {
  const orderId = randomUUID();
  const input = { order_id: orderId, account_id: accountId, lines: [{ sku, quantity }] };
  const { name } = await orchestrator.calls.start({
    requestId: orderId,
    work: { $case: 'plan', value: { plan: { $case: 'name', value: 'hold' }, input } },
  });
  return { orderId, ...(await orchestrator.operations.waitOperation({ name })) };
};

it('has all plans of the folder in force', async () => {
  const { plans } = await orchestrator.calls.listPlans({});
  expect(plans.map(({ plan, error }) => [plan?.name, error])).toEqual([
    ['hold', undefined],
    ['quote', undefined],
  ]);
});

it('holds pieces and money by a plan that runs as an operation', async () => {
  const before = await reserved();
  const { orderId, result } = await hold('ada', 2);
  if (result?.$case !== 'response') throw new Error(JSON.stringify(result));
  expect(RunSummary.decode(result.value.value).result).toEqual({
    order_id: orderId,
    held: [{ sku, quantity: 2 }],
    amount: { amountMinor: '2980', currency: 'EUR' },
  });
  expect(await reserved()).toBe(before! + 2n);
  const { payment } = await clients.payments.getPayment({ paymentId: orderId });
  expect(payment?.state).toBe(PaymentState.PAYMENT_STATE_AUTHORIZED);
});

it('holds nothing in the end when the account has too little, and says why', async () => {
  const before = await reserved();
  const { result } = await hold('linus', 3);
  if (result?.$case !== 'error') throw new Error('There is not enough money');
  expect(result.value.code).toBe(Code.FAILED_PRECONDITION);
  expect(await reserved()).toBe(before);
});

it('holds nothing in the end when there are too few pieces', async () => {
  const before = await reserved();
  const { orderId, result } = await hold('bank', 5_000);
  if (result?.$case !== 'error') throw new Error('There are not that many');
  expect(await reserved()).toBe(before);
  const { payment } = await clients.payments
    .getPayment({ paymentId: orderId })
    .catch(() => ({ payment: undefined }));
  expect([undefined, PaymentState.PAYMENT_STATE_VOIDED]).toContain(payment?.state);
});
