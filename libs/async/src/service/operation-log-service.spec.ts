import { once } from 'node:events';
import { BadRequest, ErrorInfo, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  OperationLogDefinition,
  OperationState,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { type Client, Code, createClient, findDetail, RpcError } from '@trivium/rpc';
import { firstValueFrom, lastValueFrom, type Observable, toArray } from 'rxjs';
import { bytes, caught, closeEngines, oneTo, textAny } from '../fixtures/open-engine.ts';
import { closeServices, openService, type Service } from '../fixtures/open-service.ts';
import { rawWatch } from '../fixtures/raw-watch.ts';
import type { RunningOperation } from '../engine/running-operation.ts';

let service: Service;
let client: Client<typeof OperationLogDefinition>;
let end = Promise.withResolvers<void>();

afterEach(async () => {
  await closeServices();
  await closeEngines();
});

/** Serves an operation whose events the test writes and whose end it decides. */
async function serveByHand(options: Parameters<typeof openService>[1] = {}) {
  const begun = Promise.withResolvers<RunningOperation>();
  end = Promise.withResolvers<void>();
  service = await openService(
    {
      byHand: async (operation) => {
        begun.resolve(operation);
        operation.signal.addEventListener('abort', () => end.resolve());
        await end.promise;
        return textAny('done');
      },
      other: async () => textAny('other'),
    },
    options,
  );
  client = createClient(OperationLogDefinition, service.channel);
  const { name } = await start('byHand', 'r');
  return { name, operation: await begun.promise };
}

const start = (kind: string, requestId: string) =>
  service.operations.start({ kind, requestId, request: bytes('') });

const emit = (operation: RunningOperation, kind: number | string) =>
  operation.emit({ kind, description: `event ${kind}` });

const all = <T>(stream: Observable<T>) => lastValueFrom(stream.pipe(toArray()));

it('describes an operation: its state, what it waits for, and how it came to be', async () => {
  const { name } = await serveByHand();
  const { operation } = await client.describeOperation({ name });
  expect(operation).toMatchObject({
    ...{ name, kind: 'byHand', requestId: 'r', attempt: 1, lastSequence: 1n, error: undefined },
    state: OperationState.OPERATION_STATE_RUNNING,
    createTime: expect.any(Date),
    endTime: undefined,
  });
  end.resolve();
  await service.operations.wait(name);
  const ended = await client.describeOperation({ name });
  expect(ended.operation).toMatchObject({
    state: OperationState.OPERATION_STATE_SUCCEEDED,
    ...{ lastSequence: 2n, waitingFor: '', endTime: expect.any(Date) },
  });
});

it('describes pages of operations, newest first, as a filter lets them through', async () => {
  const { name } = await serveByHand();
  const others = [await start('other', '1'), await start('other', '2')];
  for (const other of others) await service.operations.wait(other.name);
  const names = [...others.map((other) => other.name).reverse(), name];

  const first = await client.describeOperations({ pageSize: 2 });
  expect(first.operations.map((each) => each.name)).toEqual(names.slice(0, 2));
  const pageToken = first.nextPageToken;
  const second = await client.describeOperations({ pageSize: 2, pageToken });
  expect(second.operations.map((each) => each.name)).toEqual(names.slice(2));
  expect(second.nextPageToken).toBe('');

  const listed = async (filter: string) =>
    (await client.describeOperations({ filter })).operations.map((each) => each.name);
  expect(await listed('done = false')).toEqual([name]);
  expect(await listed('kind = "other" AND done = true')).toEqual(names.slice(0, 2));
  expect(await listed('create_time < "2020-01-01T00:00:00Z"')).toEqual([]);
  expect(await listed('create_time >= "2020-01-01T00:00:00Z"')).toEqual(names);
  const error = await caught(client.describeOperations({ filter: 'size > 3' }));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field: 'filter' }]);
});

it('streams what is there, then each event as it happens, and ends after the last one', async () => {
  const { name, operation } = await serveByHand();
  await emit(operation, 'NEWS');
  const streams = [0n, 1n, 2n].map((afterSequence) =>
    all(client.watchOperation({ name, afterSequence })),
  );
  await firstValueFrom(client.watchOperation({ name }));
  await emit(operation, 7);
  end.resolve();
  const [whole = [], ...parts] = await Promise.all(streams);
  expect(whole.map(({ event, kindName }) => [event?.sequence, event?.kind, kindName])).toEqual([
    [1n, OperationEventKind.OPERATION_EVENT_KIND_ACCEPTED, 'ACCEPTED'],
    [2n, OperationEventKind.OPERATION_EVENT_KIND_PROGRESS, 'NEWS'],
    [3n, OperationEventKind.OPERATION_EVENT_KIND_PROGRESS, '7'],
    [4n, OperationEventKind.OPERATION_EVENT_KIND_SUCCEEDED, 'SUCCEEDED'],
  ]);
  expect(whole[3]?.event?.payload).toEqual(textAny('done'));
  expect(parts).toEqual([whole.slice(1), whole.slice(2)]);
});

it('shows the same to more watchers than the host serves calls', async () => {
  const { name, operation } = await serveByHand({ maxInFlight: 3 });
  const watching = Array.from({ length: 200 }, () => {
    const seen: bigint[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<bigint[]>();
    client.watchOperation({ name }).subscribe({
      next: ({ event }) => seen.push(event?.sequence ?? 0n),
      error: reject,
      complete: () => resolve(seen),
    });
    return promise;
  });
  for (let count = 0; count < 20; count += 1) await emit(operation, count);
  // Watchers take nobody's place.
  await expect(client.describeOperation({ name })).resolves.toBeDefined();
  end.resolve();
  const expected = oneTo(22).map(BigInt);
  for (const seen of await Promise.all(watching)) expect(seen).toEqual(expected);
});

it('lets nobody wait for a watcher that does not read, which goes on where it was', async () => {
  const { name, operation } = await serveByHand();
  const { stream, session } = rawWatch(service.host.address, name);
  await once(stream, 'response');

  const watched = all(client.watchOperation({ name }));
  const payload = { typeUrl: 'x', value: Buffer.alloc(64 * 1024) };
  for (let count = 0; count < 200; count += 1) {
    await operation.emit({ kind: 'LARGE', description: '', payload });
  }
  end.resolve();
  expect(await watched).toHaveLength(202);
  // It was left behind in the log, where it goes on as soon as it reads.
  let receivedBytes = 0;
  stream.on('data', ({ length }: Buffer) => (receivedBytes += length));
  await once(stream, 'end');
  expect(receivedBytes).toBeGreaterThan(200 * payload.value.length);
  session.close();
});

it('ends with a status that says to go on elsewhere when the host drains', async () => {
  const { name } = await serveByHand();
  const seen: bigint[] = [];
  const failed = new Promise<unknown>((resolve) =>
    client.watchOperation({ name }).subscribe({
      next: ({ event }) => {
        seen.push(event?.sequence ?? 0n);
        void service.host.drain();
      },
      error: resolve,
    }),
  );
  const error = RpcError.from(await failed);
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(findDetail(error, ErrorInfo)?.reason).toBe('DRAINING');
  expect(seen).toEqual([1n]);
});

it('refuses what is no operation, no name, and a place that the log does not have', async () => {
  const { name } = await serveByHand();
  const unknown = await caught(all(client.watchOperation({ name: 'operations/none' })));
  expect(unknown.code).toBe(Code.NOT_FOUND);
  expect(findDetail(unknown, ResourceInfo)?.resourceName).toBe('operations/none');
  const nameless = await caught(all(client.watchOperation({ name: 'jobs/1' })));
  expect(nameless.code).toBe(Code.INVALID_ARGUMENT);
  const beyond = await caught(all(client.watchOperation({ name, afterSequence: 5n })));
  expect(beyond.code).toBe(Code.OUT_OF_RANGE);
  expect(findDetail(beyond, ErrorInfo)?.reason).toBe('CURSOR_BEYOND_END');
  const negative = await caught(all(client.watchOperation({ name, afterSequence: -1n })));
  expect(negative.code).toBe(Code.INVALID_ARGUMENT);
  const huge = await caught(all(client.watchOperation({ name, afterSequence: 2n ** 60n })));
  expect(huge.code).toBe(Code.INVALID_ARGUMENT);
  const missing = await caught(client.describeOperation({ name: 'operations/none' }));
  expect(missing.code).toBe(Code.NOT_FOUND);
});

it('cancels nothing when a watch is dropped', async () => {
  const { name, operation } = await serveByHand();
  await firstValueFrom(client.watchOperation({ name }));
  await client.describeOperation({ name });
  expect(operation.signal.aborted).toBe(false);
});
