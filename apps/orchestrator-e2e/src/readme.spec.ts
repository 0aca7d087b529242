import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Shop, defaultPorts, serviceNames, startShop } from '@trivium/shop';
import { callByHand, workspaceRoot } from './command-line.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';

const folder = join(workspaceRoot, 'apps/orchestrator');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const lines = [...readme.matchAll(/^grpcurl -plaintext -d '(.*)' localhost:50050 (\S+)$/gm)];
const dataDir = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
let shop: Shop;
let orchestrator: Orchestrator;

beforeAll(async () => {
  shop = await startShop({ dataDir, ports: 'free' });
  const addresses = serviceNames.map((name) => [name, shop.service(name).address]);
  orchestrator = await startOrchestrator({
    backends: Object.fromEntries(addresses),
    plans: { 'quote.yaml': readFileSync(join(folder, 'plans/quote.yaml'), 'utf8') },
  });
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  await shop?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

it('shows every method of Calls', () => {
  const shown = new Set(lines.map(([, , method]) => method));
  for (const method of ['Call', 'Start', 'Run', 'ListMethods', 'ListPlans']) {
    expect(shown).toContain(`trivium.calls.v1.Calls/${method}`);
  }
});

it.each(lines.map(([, request = '', method = '']) => [method, request]))(
  'shows a call of %s that works',
  async (method, request) => {
    const answer = await callByHand(orchestrator.process.address, method, request);
    expect(answer).toMatch(/^\{/);
    expect(answer).not.toContain('"error"');
  },
);

it('says what Watch takes', async () => {
  const { operations } = await orchestrator.operations.listOperations({ filter: 'done=true' });
  const request = JSON.stringify({ name: operations[0]?.name, after_sequence: 0 });
  const answer = await callByHand(
    orchestrator.process.address,
    'trivium.calls.v1.Calls/Watch',
    request,
  );
  expect(answer).toContain('OPERATION_EVENT_KIND_ACCEPTED');
});

it('comes with a services file that registers the shop where it listens by default', () => {
  const text = readFileSync(join(folder, 'services.yaml'), 'utf8');
  for (const name of serviceNames) {
    expect(text).toContain(`- name: ${name}\n    addresses: 127.0.0.1:${defaultPorts[name]}\n`);
  }
});
