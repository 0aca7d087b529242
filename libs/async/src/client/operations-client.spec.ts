import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import {
  OperationLogDefinition,
  OperationState,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { badRequest, Code, createClient, findDetail, RpcError } from '@trivium/rpc';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { bytes, caught, closeEngines, textAny } from '../fixtures/open-engine.ts';
import { closeServices, openService, type Service } from '../fixtures/open-service.ts';
import { createOperationsClient } from './operations-client.ts';

let service: Service;
let end = Promise.withResolvers<void>();

beforeEach(async () => {
  end = Promise.withResolvers<void>();
  service = await openService({
    wait: async ({ signal }) => {
      const { promise, reject } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => reject(signal.reason));
      await Promise.race([end.promise, promise]);
      return textAny('done');
    },
    fail: async () => {
      const details = [badRequest([{ field: 'x', description: 'wrong' }])];
      throw new RpcError(Code.FAILED_PRECONDITION, 'It cannot be', { details });
    },
  });
});
afterEach(async () => {
  await closeServices();
  await closeEngines();
});

const start = async (kind: string, requestId = 'r') =>
  (await service.operations.start({ kind, requestId, request: bytes('') })).name;

it('waits for the result of an operation', async () => {
  const handle = service.client.handle(await start('wait'));
  const result = handle.result();
  expect(await handle.get()).toMatchObject({ name: handle.name, done: false });
  end.resolve();
  expect(await result).toEqual(textAny('done'));
  expect(await handle.result()).toEqual(textAny('done'));
});

it("rejects with the operation's error, and its details", async () => {
  const error = await caught(service.client.handle(await start('fail')).result());
  expect(error).toMatchObject({ code: Code.FAILED_PRECONDITION, message: 'It cannot be' });
  expect(error.details).toEqual([badRequest([{ field: 'x', description: 'wrong' }])]);
});

it('waits no longer than it is told, and cancels nothing by that', async () => {
  const handle = service.client.handle(await start('wait'));
  const error = await caught(handle.result({ timeoutMs: 20 }));
  expect(error.code).toBe(Code.DEADLINE_EXCEEDED);
  expect(findDetail(error, ErrorInfo)?.reason).toBe('STILL_RUNNING');
  const controller = new AbortController();
  const waiting = handle.result({ signal: controller.signal, timeoutMs: 60_000 });
  controller.abort();
  expect((await caught(waiting)).code).toBe(Code.CANCELLED);
  expect(await handle.get()).toMatchObject({ done: false });
});

it('makes no call for a handle, and says what it does not find', async () => {
  const handle = service.client.handle('operations/none');
  for (const call of [handle.result(), handle.get(), handle.describe(), handle.cancel()]) {
    expect((await caught(call)).code).toBe(Code.NOT_FOUND);
  }
  expect((await caught(lastValueFrom(handle.events()))).code).toBe(Code.NOT_FOUND);
});

it('describes, cancels and deletes', async () => {
  const handle = service.client.handle(await start('wait'));
  expect(await handle.describe()).toMatchObject({
    ...{ kind: 'wait', state: OperationState.OPERATION_STATE_RUNNING },
  });
  expect((await caught(handle.delete())).code).toBe(Code.FAILED_PRECONDITION);
  await handle.cancel();
  expect((await caught(handle.result())).code).toBe(Code.CANCELLED);
  await handle.delete();
  expect((await caught(handle.get())).code).toBe(Code.NOT_FOUND);
});

it('lists pages of operations', async () => {
  const names = [await start('wait', '1'), await start('wait', '2')];
  const { operations } = await service.client.list({ filter: 'done = false' });
  expect(operations.map(({ name }) => name)).toEqual(names.reverse());
  const first = await service.client.list({ pageSize: 1 });
  expect(first.nextPageToken).not.toBe('');
});

it('watches from anywhere, and tells which event is the last', async () => {
  const handle = service.client.handle(await start('wait'));
  end.resolve();
  const events = await lastValueFrom(handle.events().pipe(toArray()));
  expect(events).toMatchObject([
    { sequence: 1, kindName: 'ACCEPTED', last: false },
    { sequence: 2, kindName: 'SUCCEEDED', last: true },
  ]);
  const rest = await lastValueFrom(handle.events({ after: 1 }).pipe(toArray()));
  expect(rest).toEqual(events.slice(1));
  expect(await lastValueFrom(handle.events({ after: 2 }).pipe(toArray()))).toEqual([]);
});

it('fails a watch whose place the log does not have, and one whose operation is deleted', async () => {
  const handle = service.client.handle(await start('fail'));
  await caught(handle.result());
  const beyond = await caught(lastValueFrom(handle.events({ after: 9 })));
  expect(beyond.code).toBe(Code.OUT_OF_RANGE);
  await handle.delete();
  const gone = await caught(lastValueFrom(handle.events({ after: 1 })));
  expect(gone.code).toBe(Code.NOT_FOUND);
});

it('is made of clients that are there already', async () => {
  const { channel } = service;
  const client = createOperationsClient({
    operations: createClient(OperationsDefinition, channel),
    operationLog: createClient(OperationLogDefinition, channel),
  });
  expect(await client.handle(await start('wait')).get()).toMatchObject({ done: false });
});

it('goes on when the host has drained and another one is there', async () => {
  const name = await start('wait');
  const lost: { code: number; after: number; reason: string | undefined }[] = [];
  const seen = Promise.withResolvers<void>();
  const watching = service.client.watch(name, {
    initialBackOffMs: 5,
    onReconnect({ error, after }) {
      lost.push({ code: error.code, after, reason: findDetail(error, ErrorInfo)?.reason });
    },
  });
  const events = lastValueFrom(
    watching.pipe(
      tap(() => seen.resolve()),
      toArray(),
    ),
  );
  const result = service.client.handle(name).result();
  await seen.promise;
  await service.host.drain();
  await service.stop();
  const { path, host } = service;
  const work = { wait: async () => textAny('moved') };
  const moved = await openService(work, { path, address: host.address });
  await moved.operations.resume();

  expect((await events).map(({ kindName }) => kindName)).toEqual([
    ...['ACCEPTED', 'RESUMED', 'SUCCEEDED'],
  ]);
  expect(lost[0]).toEqual({ code: Code.UNAVAILABLE, after: 1, reason: 'DRAINING' });
  expect(await result).toEqual(textAny('moved'));
});
