import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import type { Operation } from '@trivium/contracts/google/longrunning/operations';
import {
  OperationDescription,
  OperationState,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import {
  BadRequest,
  PreconditionFailure,
  ResourceInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { Code, createClient, createLogger, findDetail, openChannel, startHost } from '@trivium/rpc';
import type { Client, Channel, Host } from '@trivium/rpc';
import { bytes, caught, closeEngines, openEngine, textAny } from '../fixtures/open-engine.ts';
import type { Operations } from '../engine/operations.ts';
import { operationsService } from './operations-service.ts';

let operations: Operations;
let host: Host;
let channel: Channel;
let client: Client<typeof OperationsDefinition>;

beforeEach(async () => {
  ({ operations } = await openEngine({
    echo: async ({ request }) => textAny(Buffer.from(request).toString()),
    never: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }));
  const log = createLogger({ name: 'spec', level: 'silent' });
  host = await startHost({
    address: '127.0.0.1:0',
    services: [operationsService(operations)],
    log,
  });
  channel = openChannel(host.address);
  client = createClient(OperationsDefinition, channel);
});

afterEach(async () => {
  channel.close();
  await host.drain({ force: true });
  await closeEngines();
});

const start = async (kind: string, requestId = 'r') =>
  (await operations.start({ kind, requestId, request: bytes('hi'), metadata: textAny('m') })).name;

it('returns an operation while it runs, and with its response or error once it has ended', async () => {
  const running = await start('never');
  expect(await client.getOperation({ name: running })).toEqual({
    ...{ name: running, metadata: textAny('m'), done: false, result: undefined },
  });
  const succeeded = await start('echo', 'r2');
  expect(await client.waitOperation({ name: succeeded })).toEqual({
    ...{ name: succeeded, metadata: textAny('m'), done: true },
    result: { $case: 'response', value: textAny('hi') },
  });
  expect(await client.cancelOperation({ name: running })).toEqual({});
  expect(await client.waitOperation({ name: running })).toMatchObject({
    done: true,
    result: { $case: 'error', value: { code: Code.CANCELLED } },
  });
});

it('tells of an operation without metadata of its own what it waits for, and how it ended', async () => {
  const options = { kind: 'never', requestId: 'r', request: bytes('hi') };
  const { name } = await operations.start(options);
  const described = ({ metadata }: Operation) => OperationDescription.decode(metadata!.value);
  const running = await client.getOperation({ name });
  expect(running.metadata?.typeUrl).toMatch('/trivium.operations.v1.OperationDescription');
  expect(described(running)).toMatchObject({
    ...{ name, kind: 'never', requestId: 'r', attempt: 1 },
    state: OperationState.OPERATION_STATE_RUNNING,
  });
  expect((await client.listOperations({})).operations.map(described)).toMatchObject([{ name }]);
  await client.cancelOperation({ name });
  expect(described(await client.waitOperation({ name }))).toMatchObject({
    ...{ name, waitingFor: '', error: { code: Code.CANCELLED } },
    state: OperationState.OPERATION_STATE_CANCELLED,
  });
});

it('says which operation it does not know, and which name is none', async () => {
  const name = 'operations/none';
  for (const call of [
    client.getOperation({ name }),
    client.waitOperation({ name }),
    client.cancelOperation({ name }),
    client.deleteOperation({ name }),
  ]) {
    const error = await caught(call);
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)).toMatchObject({ resourceName: name });
  }
  const error = await caught(client.getOperation({ name: 'jobs/1' }));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field: 'name' }]);
});

it('waits no longer than its timeout', async () => {
  const name = await start('never');
  for (const timeout of [
    { seconds: 0n, nanos: 20_000_000 },
    { seconds: 0n, nanos: 0 },
  ]) {
    expect(await client.waitOperation({ name, timeout })).toMatchObject({ name, done: false });
  }
  const error = await caught(client.waitOperation({ name, timeout: { seconds: -1n, nanos: 0 } }));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
});

it("returns the operation as it is before the call's own deadline passes", async () => {
  const name = await start('never');
  const timeout = { seconds: 60n, nanos: 0 };
  const operation = await client.waitOperation({ name, timeout }, { timeoutMs: 1_000 });
  expect(operation).toMatchObject({ name, done: false });
});

it('returns the operation as it is when the host drains', async () => {
  const name = await start('never');
  const waiting = client.waitOperation({ name });
  // Answered on the same connection, so the wait has begun.
  await client.getOperation({ name });
  const drained = host.drain();
  expect(await waiting).toMatchObject({ name, done: false });
  await drained;
});

it('deletes an operation that has ended, and no other', async () => {
  const running = await start('never');
  const ended = await start('echo', 'r2');
  await client.waitOperation({ name: ended });
  expect(await client.deleteOperation({ name: ended })).toEqual({});
  expect((await caught(client.getOperation({ name: ended }))).code).toBe(Code.NOT_FOUND);
  const error = await caught(client.deleteOperation({ name: running }));
  expect(error.code).toBe(Code.FAILED_PRECONDITION);
  expect(findDetail(error, PreconditionFailure)?.violations).toMatchObject([{ subject: running }]);
});

it('lists pages of operations, newest first, and refuses what it cannot list', async () => {
  const names = [await start('echo', '1'), await start('never', '2'), await start('echo', '3')];
  for (const index of [0, 2]) await operations.wait(names[index]!);
  const first = await client.listOperations({ name: 'operations', pageSize: 2 });
  expect(first.operations.map(({ name }) => name)).toEqual([names[2], names[1]]);
  const second = await client.listOperations({ pageSize: 2, pageToken: first.nextPageToken });
  expect(second.operations.map(({ name }) => name)).toEqual([names[0]]);
  expect(second.nextPageToken).toBe('');
  const listed = async (filter: string) =>
    (await client.listOperations({ filter })).operations.map(({ name }) => name);
  expect(await listed('done=false')).toEqual([names[1]]);
  expect(await listed('kind = "echo" AND done = true')).toEqual([names[2], names[0]]);
  expect(await listed('create_time < "2020-01-01T00:00:00Z"')).toEqual([]);

  for (const [request, field] of [
    [{ filter: 'name=x' }, 'filter'],
    [{ pageSize: -1 }, 'page_size'],
    [{ pageToken: 'x' }, 'page_token'],
    [{ name: 'projects/1' }, 'name'],
  ] as const) {
    const error = await caught(client.listOperations(request));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field }]);
  }
  const partial = await caught(client.listOperations({ returnPartialSuccess: true }));
  expect(partial.code).toBe(Code.UNIMPLEMENTED);
});
