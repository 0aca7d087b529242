import { randomUUID } from 'node:crypto';
import { Struct } from '@trivium/contracts/google/protobuf/struct';
import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { OperationEventKind as Kind, RunSummary } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, durationFromMs } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import type { Backend } from './backend/backend.ts';
import { gate, startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';

let ledger: Backend;
let held = gate();
let orchestrator: Orchestrator;

beforeAll(async () => {
  const hold = (message: object) =>
    (message as { key?: string }).key === 'held' ? held.pass({ key: 'held' }) : message;
  ledger = await startLedger({ Get: hold, Put: hold, Post: hold });
  orchestrator = await startOrchestrator({ backends: { ledger: ledger.address } });
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  ledger?.kill();
}, 60_000);
beforeEach(() => {
  held = gate();
});

const start = async (method: string) => {
  const value = { method: `ledger.v1.Ledger/${method}`, request: { key: 'held' } };
  const request = { requestId: randomUUID(), work: { $case: 'call' as const, value } };
  return (await orchestrator.calls.start(request)).name;
};
const ended = (name: string) =>
  orchestrator.operations.waitOperation({ name }, { timeoutMs: 30_000 });
const reasonsOf = (details: readonly Any[]) =>
  details.map(
    ({ typeUrl, value }) => typeUrl.endsWith('ErrorInfo') && ErrorInfo.decode(value).reason,
  );
const crash = async () => {
  await orchestrator.kill();
  held.release();
  await orchestrator.start();
};

it('never makes a call again that is not declared safe: its outcome is unknown', async () => {
  const before = ledger.count('Post');
  const name = await start('Post');
  await held.reached;
  await crash();
  const { result } = await ended(name);
  if (result?.$case !== 'error') throw new Error('It should have failed');
  expect(result.value.code).toBe(Code.UNKNOWN);
  expect(reasonsOf(result.value.details)).toContain('OUTCOME_UNKNOWN');
  expect(ledger.count('Post')).toBe(before + 1);
});

it.each(['Get', 'Put'])('makes a call again that is declared safe: %s', async (method) => {
  const before = ledger.count(method);
  const name = await start(method);
  await held.reached;
  await crash();
  const { result } = await ended(name);
  if (result?.$case !== 'response') throw new Error(JSON.stringify(result));
  expect(Struct.unwrap(Struct.decode(result.value.value))).toEqual({ key: 'held' });
  expect(ledger.count(method)).toBe(before + 2);
});

it('goes on with a call that became an operation by `wait`', async () => {
  const before = ledger.count('Get');
  const { outcome } = await orchestrator.calls.call({
    call: { method: 'ledger.v1.Ledger/Get', request: { key: 'held' } },
    wait: durationFromMs(0),
    requestId: randomUUID(),
  });
  if (outcome?.$case !== 'operation') throw new Error('It should go on');
  await held.reached;
  await crash();
  expect((await ended(outcome.value!.name)).result?.$case).toBe('response');
  expect(ledger.count('Get')).toBe(before + 2);
});

it('goes on with a plan from the steps that are recorded, and calls none of them again', async () => {
  const before = [ledger.count('Post'), ledger.count('Get')];
  const inline = {
    steps: [
      { id: 'first', method: 'ledger.v1.Ledger/Post', request: { key: 'a', amountMinor: '1' } },
      {
        id: 'second',
        method: 'ledger.v1.Ledger/Get',
        request: { key: '${ first.key == "a" ? "held" : "" }' },
      },
      { id: 'third', method: 'ledger.v1.Ledger/Post', request: { key: '${ second.key + "!" }' } },
    ],
    result: '${ third.key }',
  };
  const { name } = await orchestrator.calls.start({
    requestId: randomUUID(),
    work: { $case: 'plan', value: { plan: { $case: 'inline', value: inline } } },
  });
  await held.reached;
  await crash();
  const { result } = await ended(name);
  if (result?.$case !== 'response') throw new Error(JSON.stringify(result));
  expect(RunSummary.decode(result.value.value).result).toBe('held!');
  expect([ledger.count('Post'), ledger.count('Get')]).toEqual([before[0]! + 2, before[1]! + 2]);

  const events = await lastValueFrom(orchestrator.calls.watch({ name }).pipe(toArray()));
  expect(events.map(({ event }) => event?.sequence)).toEqual(events.map((_, n) => BigInt(n + 1)));
  const kinds = events.map(({ event }) => event?.kind);
  expect(kinds[0]).toBe(Kind.OPERATION_EVENT_KIND_ACCEPTED);
  expect(kinds.filter((kind) => kind === Kind.OPERATION_EVENT_KIND_PROGRESS)).toHaveLength(3);
  expect(kinds).toContain(Kind.OPERATION_EVENT_KIND_ATTEMPT_STARTED);
  expect(kinds.at(-1)).toBe(Kind.OPERATION_EVENT_KIND_SUCCEEDED);
});

it('leaves the outcome of a plan whose step is not safe unknown, and undoes what it knows to be done', async () => {
  const removed = ledger.count('Remove');
  const posted = ledger.count('Post');
  const inline = {
    steps: [
      {
        id: 'first',
        method: 'ledger.v1.Ledger/Put',
        request: { key: 'a' },
        undo: { method: 'ledger.v1.Ledger/Remove', request: { key: '${ first.key }' } },
      },
      {
        id: 'second',
        method: 'ledger.v1.Ledger/Post',
        request: { key: '${ first.key == "a" ? "held" : "" }' },
      },
    ],
  };
  const { name } = await orchestrator.calls.start({
    requestId: randomUUID(),
    work: { $case: 'plan', value: { plan: { $case: 'inline', value: inline } } },
  });
  await held.reached;
  await crash();
  const { result } = await ended(name);
  if (result?.$case !== 'error') throw new Error('It should have failed');
  expect(reasonsOf(result.value.details)).toContain('OUTCOME_UNKNOWN');
  expect([ledger.count('Post') - posted, ledger.count('Remove') - removed]).toEqual([1, 1]);
});

it('lets a call end that is not safe to repeat when it is asked to stop', async () => {
  const before = ledger.count('Post');
  const name = await start('Post');
  await held.reached;
  const stopped = orchestrator.process.stop();
  held.release();
  await stopped;
  await orchestrator.start();
  expect((await ended(name)).result?.$case).toBe('response');
  expect(ledger.count('Post')).toBe(before + 1);
});

it('keeps what was accepted while no backend is up', async () => {
  const name = await start('Put');
  await held.reached;
  await orchestrator.kill();
  const { address } = ledger;
  ledger.kill();
  await orchestrator.start();
  held.release();
  ledger = await startLedger({}, { address });
  expect((await ended(name)).result?.$case).toBe('response');
});
