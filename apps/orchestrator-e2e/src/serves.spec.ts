import { join } from 'node:path';
import { type ServiceClientConstructor, credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HealthDefinition } from '@trivium/contracts/grpc/health/v1/health';
import { Code, createClient } from '@trivium/rpc';
import { type Backend, failure } from './backend/backend.ts';
import { descriptorSetOf } from './backend/descriptor-set.ts';
import { startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { listServices } from './reflection.ts';

const proto = join(import.meta.dirname, 'backend/protos/summary.proto');
const plan = (factor: number) => `
name: total
serves: summary.v1.Summary/Total
steps:
  - id: entries
    method: ledger.v1.Ledger/Get
    for_each: { items: input.keys, as: key }
    request:
      key: \${ key }
result:
  total_minor: \${ ${factor} * sum(entries.map(e, e.amount_minor)) }
  entries: \${ size(entries) }
`;

let ledger: Backend;
let orchestrator: Orchestrator;
let client: InstanceType<ServiceClientConstructor>;

beforeAll(async () => {
  ledger = await startLedger({
    Get: ({ key }) => {
      if (key === 'none') throw failure(Code.NOT_FOUND, 'no such entry');
      return { key, amount_minor: '9007199254740993' };
    },
  });
  orchestrator = await startOrchestrator({
    backends: { ledger: ledger.address },
    plans: { 'total.yaml': plan(1) },
    contracts: descriptorSetOf(proto),
  });
  // Typed by the proto file, and by nothing of this project.
  const contents = loadPackageDefinition(loadSync(proto, { longs: String }));
  const { v1 } = contents['summary'] as unknown as { v1: { Summary: ServiceClientConstructor } };
  client = new v1.Summary(orchestrator.process.address, credentials.createInsecure());
}, 60_000);
afterAll(async () => {
  client?.close();
  await orchestrator?.stop();
  ledger?.kill();
}, 60_000);

const call = (method: string, keys: string[]) =>
  new Promise<{ totalMinor: string; entries: number }>((resolve, reject) => {
    client[method]!({ keys }, (error: Error | null, response: never) =>
      error ? reject(error) : resolve(response),
    );
  });

it('serves a method of a contract that only a descriptor set knows', async () => {
  await expect(call('Total', ['a', 'b'])).resolves.toEqual({
    totalMinor: '18014398509481986',
    entries: 2,
  });
});

it('has the error of the step that failed', async () => {
  await expect(call('Total', ['none'])).rejects.toMatchObject({
    code: Code.NOT_FOUND,
    details: 'no such entry',
  });
});

it('serves no method of the service but the one that has a plan', async () => {
  await expect(call('Missing', [])).rejects.toMatchObject({ code: Code.UNIMPLEMENTED });
});

it('is listed by reflection, and its health is SERVING', async () => {
  expect(await listServices(orchestrator.channel)).toContain('summary.v1.Summary');
  const health = createClient(HealthDefinition, orchestrator.channel);
  const service = 'summary.v1.Summary';
  await expect(health.check({ service })).resolves.toEqual({ status: 1 });
});

it('serves by the new version of a plan that changes', async () => {
  orchestrator.writePlan('total.yaml', plan(2));
  let answer = await call('Total', ['a']);
  while (answer.totalMinor === '9007199254740993') answer = await call('Total', ['a']);
  expect(answer.totalMinor).toBe('18014398509481986');
}, 60_000);

it('is unavailable until the backends of its plan are known, and then serves', async () => {
  await orchestrator.kill();
  const { address } = ledger;
  ledger.kill();
  await orchestrator.start();
  await expect(call('Total', ['a'])).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  ledger = await startLedger({}, { address });
  let answer = await call('Total', ['a']).catch(() => undefined);
  while (!answer) answer = await call('Total', ['a']).catch(() => undefined);
  expect(answer.entries).toBe(1);
}, 60_000);
