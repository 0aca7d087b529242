import { randomUUID } from 'node:crypto';
import { Struct } from '@trivium/contracts/google/protobuf/struct';
import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { OperationEventKind as Kind, Repetition } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, durationFromMs, findDetail } from '@trivium/rpc';
import { lastValueFrom, take, toArray } from 'rxjs';
import { type Backend, failure } from './backend/backend.ts';
import { gate, startLedger } from './backend/ledger.ts';
import { type Orchestrator, startOrchestrator } from './orchestrator-fixture.ts';
import { refusal } from './refusal.ts';

const get = 'ledger.v1.Ledger/Get';
const post = 'ledger.v1.Ledger/Post';
let ledger: Backend;
let held = gate();
let orchestrator: Orchestrator;
let calls: Orchestrator['calls'];
let operations: Orchestrator['operations'];

beforeAll(async () => {
  ledger = await startLedger({
    Post: (entry) => (entry['key'] === 'held' ? held.pass(entry) : entry),
    Get: ({ key }) => {
      if (key === 'none') throw failure(Code.NOT_FOUND, 'no such entry');
      if (key === 'huge') return { key: 'x'.repeat(300_000) };
      return { key, amount_minor: '9007199254740993' };
    },
  });
  const env = { MAX_MESSAGE_BYTES: '200000' };
  orchestrator = await startOrchestrator({ backends: { ledger: ledger.address }, env });
  ({ calls, operations } = orchestrator);
}, 60_000);
afterAll(async () => {
  await orchestrator?.stop();
  ledger?.kill();
}, 60_000);
beforeEach(() => {
  held = gate();
});

/** A cancellation reaches the backend by two connections, one after the other. */
async function cancelledAfter(before: number): Promise<void> {
  while (ledger.cancelled === before) await new Promise((resolve) => setImmediate(resolve));
}

it('lists what is registered, page by page, with what each declares about repetition', async () => {
  const first = await calls.listMethods({ pageSize: 3 });
  const second = await calls.listMethods({ pageSize: 3, pageToken: first.nextPageToken });
  expect(second.nextPageToken).toBe('');
  const methods = [...first.methods, ...second.methods];
  expect(methods.map(({ method, repetition }) => [method.split('/')[1], repetition])).toEqual([
    ['Follow', Repetition.REPETITION_NO_SIDE_EFFECTS],
    ['Get', Repetition.REPETITION_NO_SIDE_EFFECTS],
    ['Post', Repetition.REPETITION_UNSPECIFIED],
    ['Put', Repetition.REPETITION_IDEMPOTENT],
    ['Remove', Repetition.REPETITION_IDEMPOTENT],
  ]);
  expect(methods[0]).toMatchObject({
    backend: 'ledger',
    serverStreaming: true,
    requestType: 'ledger.v1.GetRequest',
  });
});

describe('sync', () => {
  it('calls a method in JSON, whatever its numbers', async () => {
    const { outcome } = await calls.call({ call: { method: get, request: { key: 'a' } } });
    expect(outcome).toEqual({
      $case: 'response',
      value: { key: 'a', amountMinor: '9007199254740993' },
    });
  });

  it('passes on the status of the method', async () => {
    const error = await refusal(calls.call({ call: { method: get, request: { key: 'none' } } }));
    expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'no such entry' });
  });

  it('names the field that does not fit the message', async () => {
    const request = { key: 'a', amountMinor: 'lots' };
    const error = await refusal(calls.call({ call: { method: post, request } }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations[0]?.field).toBe('request.amountMinor');
  });

  it('refuses a response beyond the limit', async () => {
    const error = await refusal(calls.call({ call: { method: get, request: { key: 'huge' } } }));
    expect(error.code).toBe(Code.RESOURCE_EXHAUSTED);
  });

  it('ends by its timeout, and what it called is cancelled', async () => {
    const before = ledger.cancelled;
    const call = { method: post, request: { key: 'held' } };
    const error = await refusal(calls.call({ call, timeout: durationFromMs(100) }));
    expect(error.code).toBe(Code.DEADLINE_EXCEEDED);
    await cancelledAfter(before);
    held.release();
  });

  it('is cancelled with its caller', async () => {
    const controller = new AbortController();
    const call = { method: post, request: { key: 'held' } };
    const before = ledger.cancelled;
    const failed = refusal(calls.call({ call }, { signal: controller.signal }));
    await held.reached;
    controller.abort();
    expect((await failed).code).toBe(Code.CANCELLED);
    await cancelledAfter(before);
    held.release();
  });
});

describe('sync becomes async', () => {
  it('returns the reply when it comes in time', async () => {
    const call = { method: get, request: { key: 'b' } };
    const { outcome } = await calls.call({
      call,
      wait: durationFromMs(10_000),
      requestId: randomUUID(),
    });
    expect(outcome).toMatchObject({ $case: 'response', value: { key: 'b' } });
  });

  it('goes on as an operation otherwise: the same attempt, and no other', async () => {
    const before = ledger.count('Post');
    const call = { method: post, request: { key: 'held', amountMinor: '7' } };
    const requestId = randomUUID();
    const { outcome } = await calls.call({ call, wait: durationFromMs(50), requestId });
    if (outcome?.$case !== 'operation') throw new Error('It should go on');
    const { name } = outcome.value!;
    // Asked again it is the same operation.
    const again = await calls.call({ call, wait: durationFromMs(0), requestId });
    expect(again.outcome).toMatchObject({ $case: 'operation', value: { name } });
    held.release();
    const { done, result } = await operations.waitOperation({ name });
    expect(done).toBe(true);
    const reply = result?.$case === 'response' && Struct.unwrap(Struct.decode(result.value.value));
    expect(reply).toEqual({ key: 'held', amountMinor: '7' });
    expect(ledger.count('Post')).toBe(before + 1);
  });

  it('asks for a request id', async () => {
    const call = { method: get, request: { key: 'b' } };
    const error = await refusal(calls.call({ call, wait: durationFromMs(10) }));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations[0]?.field).toBe('request_id');
  });

  it('has the error of the method', async () => {
    const call = { method: get, request: { key: 'none' } };
    const error = await refusal(
      calls.call({ call, wait: durationFromMs(10_000), requestId: randomUUID() }),
    );
    expect(error).toMatchObject({ code: Code.NOT_FOUND, message: 'no such entry' });
  });
});

describe('async', () => {
  const started = (key: string, requestId: string = randomUUID()) =>
    calls.start({ requestId, work: { $case: 'call', value: { method: post, request: { key } } } });

  it('is accepted once per request id', async () => {
    const before = ledger.count('Post');
    const requestId = randomUUID();
    const [one, two] = await Promise.all([started('x', requestId), started('x', requestId)]);
    expect(two.name).toBe(one.name);
    expect((await refusal(started('y', requestId))).code).toBe(Code.ALREADY_EXISTS);
    await operations.waitOperation({ name: one.name });
    expect(ledger.count('Post')).toBe(before + 1);
  });

  it('refuses what cannot work before it is accepted', async () => {
    const none = {
      $case: 'call' as const,
      value: { method: 'ledger.v1.Ledger/None', request: {} },
    };
    expect((await refusal(calls.start({ requestId: 'none', work: none }))).code).toBe(
      Code.NOT_FOUND,
    );
    const wrong = { $case: 'call' as const, value: { method: post, request: { kee: 1 } } };
    expect((await refusal(calls.start({ requestId: 'wrong', work: wrong }))).code).toBe(
      Code.INVALID_ARGUMENT,
    );
  });

  it('tells its events, numbered, from any of them on', async () => {
    const { name } = await started('held');
    const first = await lastValueFrom(calls.watch({ name }).pipe(take(1), toArray()));
    expect(first[0]?.event).toMatchObject({
      sequence: 1n,
      kind: Kind.OPERATION_EVENT_KIND_ACCEPTED,
    });
    const rest = lastValueFrom(calls.watch({ name, afterSequence: 1n }).pipe(toArray()));
    held.release();
    expect((await rest).map(({ event }) => [event?.sequence, event?.kind])).toEqual([
      [2n, Kind.OPERATION_EVENT_KIND_ATTEMPT_STARTED],
      [3n, Kind.OPERATION_EVENT_KIND_SUCCEEDED],
    ]);
  });

  it('makes a progress event of each message that a method streams', async () => {
    const value = { method: 'ledger.v1.Ledger/Follow', request: { key: 'z' } };
    const { name } = await calls.start({ requestId: randomUUID(), work: { $case: 'call', value } });
    const events = await lastValueFrom(calls.watch({ name }).pipe(toArray()));
    const progress = events.filter(
      ({ event }) => event?.kind === Kind.OPERATION_EVENT_KIND_PROGRESS,
    );
    const amounts = progress.map(({ event }) =>
      Struct.unwrap(Struct.decode(event!.payload!.value)),
    );
    expect(amounts.map((entry) => entry?.['amountMinor'])).toEqual(['1', '2', '3']);
    expect(events.at(-1)?.event?.kind).toBe(Kind.OPERATION_EVENT_KIND_SUCCEEDED);
  });

  it('is cancelled when it is asked to be, and so is what it called', async () => {
    const { name } = await started('held');
    await held.reached;
    await operations.cancelOperation({ name });
    const { result } = await operations.waitOperation({ name });
    expect(result).toMatchObject({ $case: 'error', value: { code: Code.CANCELLED } });
  });

  it('fails when its timeout is over', async () => {
    const value = { method: post, request: { key: 'held' } };
    const { name } = await calls.start({
      requestId: randomUUID(),
      work: { $case: 'call', value },
      timeout: durationFromMs(150),
    });
    const { result } = await operations.waitOperation({ name });
    expect(result).toMatchObject({ $case: 'error', value: { code: Code.DEADLINE_EXCEEDED } });
    held.release();
  });
});
