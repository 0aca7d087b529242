import { Code, durationFromMs } from '@trivium/rpc';
import { lastValueFrom } from 'rxjs';
import type { Backend } from './backend/backend.ts';
import { startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { refusal } from './refusal.ts';

const get = 'ledger.v1.Ledger/Get';
let ledger: Backend;
let orchestrator: Orchestrator;
let inFlight = 0;
let most = 0;

beforeAll(async () => {
  ledger = await startLedger({
    async Get({ key }) {
      if (key === 'never') return new Promise<never>(() => undefined);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return { key };
    },
  });
  const env = { MAX_CALLS_PER_BACKEND: '40' };
  orchestrator = await startOrchestrator({ backends: { ledger: ledger.address }, env });
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  ledger?.kill();
}, 60_000);
beforeEach(() => {
  most = 0;
});

const run = async (value: object, input = {}) => {
  const request = { plan: { plan: { $case: 'inline' as const, value }, input } };
  const { event } = await lastValueFrom(orchestrator.calls.run(request, { timeoutMs: 20_000 }));
  if (event?.$case !== 'summary') throw new Error('The summary comes last');
  return event.value;
};
const fan = (width: number, limit: number) => ({
  steps: [
    {
      id: 'all',
      method: get,
      forEach: { items: `lists.range(${width})`, as: 'n', maxInFlight: limit },
      request: { key: '${ string(n) }' },
    },
  ],
  result: '${ size(all) }',
  maxInFlight: 1_000,
});

it('never has more calls of a fan-out in flight than its limit', async () => {
  expect((await run(fan(1_000, 16))).result).toBe(1_000);
  expect(most).toBeLessThanOrEqual(16);
}, 60_000);

it('never has more calls to a backend in flight than its limit, whatever runs', async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, () => run(fan(100, 100))));
  expect(runs.map(({ result }) => result)).toEqual(Array(5).fill(100));
  expect(most).toBeLessThanOrEqual(40);
}, 60_000);

it('refuses a plan of 10,001 steps', async () => {
  const steps = Array.from({ length: 10_001 }, (_, n) => ({ id: `s${n}`, method: get }));
  expect((await refusal(run({ steps }))).code).toBe(Code.INVALID_ARGUMENT);
});

it('runs a plan of 1,000 steps side by side', async () => {
  const steps = Array.from({ length: 1_000 }, (_, n) => ({
    id: `s${n}`,
    method: get,
    request: { key: `k${n}` },
  }));
  const { error, steps: timed } = await run({ steps });
  expect([error, timed.length]).toEqual([undefined, 1_000]);
}, 60_000);

it.each([
  [
    'never ends',
    'lists.range(10000).map(a, lists.range(10000).map(b, lists.range(10000).map(c, a * b * c)))',
  ],
  ['allocates without end', 'lists.range(10000).map(a, lists.range(10000))'],
])(
  'ends an expression that %s, and answers others meanwhile',
  async (_what, items) => {
    const steps = [{ id: 'all', method: get, forEach: { items, as: 'n' }, request: { key: 'x' } }];
    const before = ledger.calls.length;
    const bad = run({ steps }).catch((error: unknown) => ({ error }));
    const other = orchestrator.calls.call({ call: { method: get, request: { key: 'y' } } });
    expect((await other).outcome?.$case).toBe('response');
    expect((await bad).error).toBeDefined();
    expect(ledger.calls.length).toBe(before + 1);
  },
  30_000,
);

it('ends a run by its timeout with what is there, whatever hangs', async () => {
  const steps = [
    { id: 'one', method: get, request: { key: 'a' } },
    { id: 'never', method: get, request: { key: 'never' }, optional: true },
  ];
  const plan = { plan: { $case: 'inline' as const, value: { steps } } };
  const timeout = durationFromMs(500);
  const { event } = await lastValueFrom(orchestrator.calls.run({ plan, timeout }));
  if (event?.$case !== 'summary') throw new Error('The summary comes last');
  expect(event.value.result).toEqual({ one: { key: 'a' }, never: null });
  const never = event.value.steps.find(({ step }) => step === 'never');
  expect(never?.error?.code).toBe(Code.DEADLINE_EXCEEDED);
});
