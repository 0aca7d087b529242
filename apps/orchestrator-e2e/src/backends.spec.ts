import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import type { Backend } from './backend/backend.ts';
import { gate, startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { refusal } from './refusal.ts';

const get = 'ledger.v1.Ledger/Get';
const post = 'ledger.v1.Ledger/Post';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ledgerOf: typeof startLedger = async (answers, options) => {
  const ledger = await startLedger(answers, options);
  closers.push(() => ledger.kill());
  return ledger;
};
const orchestratorOf = async (
  ledger: Backend,
  plans: Record<string, string> = {},
): Promise<Orchestrator> => {
  const orchestrator = await startOrchestrator({ backends: { ledger: ledger.address }, plans });
  closers.push(() => orchestrator.stop());
  return orchestrator;
};
/** Asks again and again, as an operator would. */
async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const methodsOf = async ({ calls }: Orchestrator) =>
  (await calls.listMethods({})).methods.map(({ method }) => method);

it('ends a run whose backend disappears, with what is there', async () => {
  const held = gate();
  const ledger = await ledgerOf({
    Get: ({ key }) => (key === 'held' ? held.pass({ key }) : { key }),
  });
  const { calls } = await orchestratorOf(ledger);
  const steps = [
    { id: 'early', method: get, request: { key: 'early' } },
    { id: 'late', method: post, request: { key: '${ early.key == "early" ? "late" : "" }' } },
    { id: 'held', method: get, request: { key: '${ late.key == "late" ? "held" : "" }' } },
    { id: 'after', method: get, request: { key: '${ held.key }' } },
  ];
  const value = { steps, failurePolicy: 2 as const };
  const run = lastValueFrom(
    calls.run({ plan: { plan: { $case: 'inline', value } } }).pipe(toArray()),
  );
  await held.reached;
  ledger.kill();
  const events = await run;
  const states = events.flatMap(({ event }) =>
    event?.$case === 'step' ? [[event.value.step, event.value.state]] : [],
  );
  expect(Object.fromEntries(states)).toEqual({ early: 1, late: 1, held: 2, after: 3 });
  const last = events.at(-1)?.event;
  if (last?.$case !== 'summary') throw new Error('The summary comes last');
  expect(last.value.result).toMatchObject({ early: { key: 'early' }, held: null, after: null });
  held.release();
}, 60_000);

it('lists the methods of a backend once it is up', async () => {
  const ledger = await ledgerOf();
  ledger.kill();
  const orchestrator = await orchestratorOf(ledger);
  const error = await refusal(orchestrator.calls.call({ call: { method: get, request: {} } }));
  expect(error).toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining('ledger'),
  });
  await ledgerOf({}, { address: ledger.address });
  await eventually(
    () => methodsOf(orchestrator),
    (methods) => methods.includes(get),
  );
  const { outcome } = await orchestrator.calls.call({
    call: { method: get, request: { key: 'a' } },
  });
  expect(outcome?.$case).toBe('response');
}, 60_000);

it('passes by what a newer backend answers besides, until it has discovered it', async () => {
  const ledger = await ledgerOf();
  const orchestrator = await orchestratorOf(ledger);
  ledger.kill();
  const Get = ({ key }: Readonly<Record<string, unknown>>) => ({ key, note: 'new' });
  await ledgerOf({ Get }, { address: ledger.address, proto: 'ledger-with-note.proto' });
  const call = { method: get, request: { key: 'a' } };
  const { outcome } = await eventually(
    () => orchestrator.calls.call({ call }).catch(() => ({ outcome: undefined })),
    ({ outcome }) => outcome !== undefined,
  );
  // With or without the note, as far as it is discovered; never a failure.
  expect(outcome).toMatchObject({ $case: 'response', value: { key: 'a' } });
  await eventually(
    () => orchestrator.calls.call({ call }),
    ({ outcome }) => outcome?.$case === 'response' && outcome.value?.['note'] === 'new',
  );
}, 60_000);

it('says so when a backend has another contract than when it was discovered', async () => {
  const ledger = await ledgerOf();
  const orchestrator = await orchestratorOf(ledger);
  ledger.kill();
  const proto = 'ledger-changed.proto';
  const next = await ledgerOf({ Enter: (entry) => entry }, { address: ledger.address, proto });
  const call = { method: post, request: { key: 'a', amountMinor: '1' } };
  const clear = [Code.FAILED_PRECONDITION, Code.NOT_FOUND];
  const error = await eventually(
    () => refusal(orchestrator.calls.call({ call })),
    ({ code }) => clear.includes(code as 9),
  );
  expect(error.message).toContain(post);
  expect(next.count('Post')).toBe(0);
  await eventually(
    () => methodsOf(orchestrator),
    (methods) => methods.includes('ledger.v1.Ledger/Enter') && !methods.includes(post),
  );
}, 60_000);

describe('the folder of plans', () => {
  const plan = (key: string) => `
name: reading
steps:
  - id: entry
    method: ${get}
    request:
      key: ${key}
result: \${ entry.key }
`;
  const listed = async ({ calls }: Orchestrator) => (await calls.listPlans({})).plans;
  const ran = async ({ calls }: Orchestrator) => {
    const request = { plan: { plan: { $case: 'name' as const, value: 'reading' } } };
    const { event } = await lastValueFrom(calls.run(request));
    return event?.$case === 'summary' ? event.value.result : event;
  };

  it('is read again when a plan changes, keeps the last good version, and says what is wrong', async () => {
    const ledger = await ledgerOf();
    const orchestrator = await orchestratorOf(ledger, { 'reading.yaml': plan('one') });
    expect(await ran(orchestrator)).toBe('one');
    orchestrator.writePlan('reading.yaml', plan('two'));
    await eventually(
      () => ran(orchestrator),
      (result) => result === 'two',
    );
    orchestrator.writePlan('reading.yaml', plan('${ nobody }'));
    const [broken] = await eventually(
      () => listed(orchestrator),
      ([first]) => first?.error !== undefined,
    );
    expect(broken?.error?.message).toContain('nobody');
    expect(broken?.plan?.steps[0]?.request).toEqual({ key: 'two' });
    expect(await ran(orchestrator)).toBe('two');
    const line = orchestrator.process.lines.find((line) => line.includes('a plan is broken'));
    expect(line).toContain('reading.yaml');
    rmSync(join(orchestrator.plansDir, 'reading.yaml'));
    await eventually(
      () => listed(orchestrator),
      (plans) => plans.length === 0,
    );
    expect((await refusal(ran(orchestrator))).code).toBe(Code.NOT_FOUND);
  }, 60_000);

  it('has a plan in force as soon as the backends that it calls are known', async () => {
    const ledger = await ledgerOf();
    ledger.kill();
    const orchestrator = await orchestratorOf(ledger, { 'reading.yaml': plan('one') });
    expect((await listed(orchestrator))[0]?.error).toBeDefined();
    await ledgerOf({}, { address: ledger.address });
    await eventually(
      () => listed(orchestrator),
      ([first]) => first?.error === undefined,
    );
    expect(await ran(orchestrator)).toBe('one');
  }, 60_000);
});

it('reads the services file again when it changes', async () => {
  const ledger = await ledgerOf();
  const orchestrator = await orchestratorOf(ledger);
  const other = await ledgerOf();
  orchestrator.register({ books: other.address });
  await eventually(
    () => orchestrator.calls.listMethods({}),
    ({ methods }) => methods.every(({ backend }) => backend === 'books') && methods.length > 0,
  );
  await orchestrator.calls.call({ call: { method: get, request: {} } });
  expect([ledger.count('Get'), other.count('Get')]).toEqual([0, 1]);
}, 60_000);

it('does not start with a services file that is broken, and says where', async () => {
  const backends = { 'Bad Name': 'nowhere' };
  const error = await startOrchestrator({ backends }).catch((caught: Error) => caught);
  expect((error as Error).message).toContain('services.yaml:2: services[0].name must be');
  expect((error as Error).message).toContain(
    'services.yaml:3: services[0].addresses[0] must be host:port',
  );
}, 60_000);
