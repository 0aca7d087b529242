import { randomUUID } from 'node:crypto';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { type RunResponse, StepState } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, durationFromMs, durationToMs } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import { type Backend, failure } from './backend/backend.ts';
import { startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { refusal } from './refusal.ts';

const get = 'ledger.v1.Ledger/Get';
const post = 'ledger.v1.Ledger/Post';

let ledger: Backend;
let orchestrator: Orchestrator;
let calls: Orchestrator['calls'];
let operations: Orchestrator['operations'];

beforeAll(async () => {
  ledger = await startLedger({
    Get: ({ key }) => {
      if (key === 'none') throw failure(Code.NOT_FOUND, 'no such entry');
      return { key };
    },
  });
  orchestrator = await startOrchestrator({ backends: { ledger: ledger.address } });
  ({ calls, operations } = orchestrator);
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  ledger?.kill();
}, 60_000);

describe('parallel', () => {
  const steps = [
    { id: 'one', method: get, request: { key: 'one' } },
    { id: 'two', method: get, request: { key: '${ input.key }' } },
    { id: 'three', method: post, request: { key: '${ one.key + two.key }' } },
  ];
  const run = (plan: object, input = { key: 'two' }) =>
    lastValueFrom(
      calls.run({ plan: { plan: { $case: 'inline', value: plan }, input } }).pipe(toArray()),
    );
  const results = (events: RunResponse[]) =>
    events.flatMap(({ event }) => (event?.$case === 'step' ? [event.value] : []));

  it('streams each step as it ends, then the summary with the critical path and the slack of each', async () => {
    const events = await run({ steps, result: '${ three.key }' });
    expect(
      results(events)
        .map(({ step, state }) => [step, state])
        .sort(),
    ).toEqual([
      ['one', StepState.STEP_STATE_SUCCEEDED],
      ['three', StepState.STEP_STATE_SUCCEEDED],
      ['two', StepState.STEP_STATE_SUCCEEDED],
    ]);
    const last = events.at(-1)?.event;
    if (last?.$case !== 'summary') throw new Error('The summary comes last');
    const { result, error, criticalPath, steps: timed } = last.value;
    expect([result, error]).toEqual(['onetwo', undefined]);
    expect(criticalPath.at(-1)).toBe('three');
    expect(timed.map(({ step, timing }) => [step, timing?.slack !== undefined])).toEqual(
      expect.arrayContaining([
        ['one', true],
        ['two', true],
        ['three', true],
      ]),
    );
    const three = timed.find(({ step }) => step === 'three')?.timing;
    expect(durationToMs(three!.slack!)).toBe(0);
  });

  it('fails fast with the error of the step, and skips what reads it', async () => {
    const failing = [{ id: 'one', method: get, request: { key: 'none' } }, ...steps.slice(1)];
    const events = await run({ steps: failing });
    const last = events.at(-1)?.event;
    expect(last).toMatchObject({ $case: 'summary', value: { error: { code: Code.NOT_FOUND } } });
    expect(results(events).find(({ step }) => step === 'three')?.state).toBe(
      StepState.STEP_STATE_SKIPPED,
    );
  });

  it.each([
    [
      'a cycle',
      [
        { id: 'a', method: get, request: { key: '${ b.key }' } },
        { id: 'b', method: get, request: { key: '${ a.key }' } },
      ],
    ],
    ['a step that reads itself', [{ id: 'a', method: get, request: { key: '${ a.key }' } }]],
    ['an unknown name', [{ id: 'a', method: get, request: { key: '${ nobody.key }' } }]],
    ['an unknown method', [{ id: 'a', method: 'ledger.v1.Ledger/None', request: {} }]],
    ['a request of another shape', [{ id: 'a', method: get, request: { kee: 'x' } }]],
    ['an undeclared retry', [{ id: 'a', method: post, request: {}, retry: { maxAttempts: 2 } }]],
    ['an address for a method', [{ id: 'a', method: 'unix:/tmp/x/Get', request: {} }]],
    ['no steps', []],
  ])('refuses %s, and calls nothing', async (_what, plan) => {
    const before = ledger.calls.length;
    const error = await refusal(run({ steps: plan }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(error.message).toMatch(/steps/);
    expect(ledger.calls.length).toBe(before);
  });
});

describe('addresses', () => {
  let trap: Server;
  let connections = 0;
  beforeAll(async () => {
    trap = createServer(() => (connections += 1));
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => trap.close(resolve)));

  it('are refused in every field that names something, and nothing is dialled', async () => {
    const { port } = trap.address() as AddressInfo;
    const targets = [
      `127.0.0.1:${port}`,
      `dns:127.0.0.1:${port}`,
      `ipv4:127.0.0.1:${port}`,
      'unix:/tmp/x.sock',
    ];
    for (const target of targets) {
      const method = `${target}/ledger.v1.Ledger/Get`;
      for (const name of [method, target, `${target}/Get`]) {
        const call = { method: name, request: {} };
        const inline = { $case: 'inline' as const, value: { steps: [{ id: 'a', method: name }] } };
        const served = { ...inline.value, serves: name };
        const attempts = [
          calls.call({ call }),
          calls.call({ call, wait: durationFromMs(10), requestId: randomUUID() }),
          calls.start({ requestId: randomUUID(), work: { $case: 'call', value: call } }),
          calls.start({
            requestId: randomUUID(),
            work: { $case: 'plan', value: { plan: inline } },
          }),
          lastValueFrom(calls.run({ plan: { plan: inline } })),
          lastValueFrom(calls.run({ plan: { plan: { $case: 'inline', value: served } } })),
          lastValueFrom(calls.run({ plan: { plan: { $case: 'name', value: name } } })),
          lastValueFrom(calls.watch({ name })),
          operations.getOperation({ name }),
        ];
        for (const { code } of await Promise.all(attempts.map(refusal))) {
          expect([Code.INVALID_ARGUMENT, Code.NOT_FOUND]).toContain(code);
        }
      }
    }
    expect(connections).toBe(0);
  });
});
