import {
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { Code, currentCall, findDetail, RpcError } from '@trivium/rpc';
import {
  bytes,
  caught,
  closeEngines,
  collect,
  openEngine,
  textAny,
} from '../fixtures/open-engine.ts';
import type { Work } from './running-operation.ts';

afterEach(closeEngines);

const echo: Work = async ({ request }) => textAny(Buffer.from(request).toString());
const never: Work = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('start', () => {
  it('returns an operation that is on disk with its first event', async () => {
    const { operations, path } = await openEngine({ never });
    const metadata = textAny('placed');
    const started = await operations.start({
      kind: 'never',
      requestId: 'r',
      request: bytes('a'),
      metadata,
    });
    // Another connection sees only what is committed.
    const other = await (await openEngine({ never }, path)).operations;
    expect(await other.get(started.name)).toMatchObject({
      ...{ kind: 'never', requestId: 'r', metadata, attempt: 1, lastSequence: 1 },
      result: undefined,
    });
    for await (const event of other.events(started.name)) {
      expect(event).toMatchObject({ sequence: 1, kind: 'ACCEPTED', attempt: 0, last: false });
      break;
    }
  });

  it('names an operation by a new id that sorts by time, or by the one that is suggested', async () => {
    const { operations } = await openEngine({ echo });
    const request = bytes('a');
    const { name } = await operations.start({ kind: 'echo', requestId: 'r1', request });
    expect(name).toMatch(
      /^operations\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const second = await operations.start({
      kind: 'echo',
      requestId: 'r2',
      request,
      id: 'order-7',
    });
    expect(second.name).toBe('operations/order-7');
  });

  it('accepts 200 concurrent requests of one id as one operation and runs its work once', async () => {
    let runs = 0;
    const { operations } = await openEngine({
      count: async () => {
        runs += 1;
        return textAny('done');
      },
    });
    const start = () => operations.start({ kind: 'count', requestId: 'r', request: bytes('same') });
    const records = await Promise.all(Array.from({ length: 200 }, start));
    expect(new Set(records.map(({ name }) => name)).size).toBe(1);
    await operations.wait(records[0]!.name);
    expect(runs).toBe(1);
    expect((await operations.list()).operations).toHaveLength(1);
  });

  it('refuses a request id that was used for another request or kind, and says which', async () => {
    const { operations } = await openEngine({ echo, never });
    const { name } = await operations.start({ kind: 'echo', requestId: 'r', request: bytes('a') });
    for (const other of [
      { kind: 'echo', requestId: 'r', request: bytes('b') },
      { kind: 'never', requestId: 'r', request: bytes('a') },
    ]) {
      const error = await caught(operations.start(other));
      expect(error.code).toBe(Code.ALREADY_EXISTS);
      expect(findDetail(error, ErrorInfo)).toMatchObject({
        reason: 'REQUEST_ID_REUSED',
        metadata: new Map([['request_id', 'r']]),
      });
      expect(findDetail(error, ResourceInfo)).toMatchObject({ resourceName: name });
    }
  });

  it('refuses an id that another request id has, and ids that make no name', async () => {
    const { operations } = await openEngine({ echo });
    const start = (requestId: string, id: string) =>
      operations.start({ kind: 'echo', requestId, request: bytes('a'), id });
    await start('r1', 'order-7');
    expect((await caught(start('r2', 'order-7'))).code).toBe(Code.ALREADY_EXISTS);
    expect((await caught(start('r3', 'a/b'))).code).toBe(Code.INVALID_ARGUMENT);
    expect((await caught(start('', 'c'))).code).toBe(Code.INVALID_ARGUMENT);
  });

  it('runs the work outside the call that asked for it', async () => {
    const { operations } = await openEngine({
      look: async () => textAny(String(currentCall() === undefined)),
    });
    const { name } = await operations.start({ kind: 'look', requestId: 'r', request: bytes('') });
    expect((await operations.wait(name)).result?.value).toEqual(textAny('true'));
  });

  it('finds an operation by its request id', async () => {
    const { operations } = await openEngine({ echo });
    const { name } = await operations.start({ kind: 'echo', requestId: 'r', request: bytes('a') });
    expect(await operations.findByRequestId('r')).toMatchObject({ name });
    expect(await operations.findByRequestId('q')).toBeUndefined();
  });
});

describe('the result', () => {
  it('is the response of the work', async () => {
    const { operations } = await openEngine({ echo });
    const { name } = await operations.start({ kind: 'echo', requestId: 'r', request: bytes('hi') });
    expect(await operations.wait(name)).toMatchObject({
      result: { $case: 'response', value: textAny('hi') },
      endTime: expect.any(Date),
    });
  });

  it('is the status of what the work throws, with its details', async () => {
    const thrown = new RpcError(Code.FAILED_PRECONDITION, 'Sold out', { details: [textAny('x')] });
    const { operations } = await openEngine({ fail: () => Promise.reject(thrown) });
    const { name } = await operations.start({ kind: 'fail', requestId: 'r', request: bytes('') });
    expect((await operations.wait(name)).result).toEqual({
      $case: 'error',
      value: thrown.toStatus(),
    });
  });

  it('tells nobody what an unexpected error says', async () => {
    const { operations } = await openEngine({
      fail: () => Promise.reject(new Error('password 1234')),
    });
    const { name } = await operations.start({ kind: 'fail', requestId: 'r', request: bytes('') });
    expect((await operations.wait(name)).result?.value).toMatchObject({
      code: Code.INTERNAL,
      message: 'Internal error',
    });
  });

  it('is an error when the work resolves with no response', async () => {
    const { operations } = await openEngine({ odd: (async () => undefined) as unknown as Work });
    const { name } = await operations.start({ kind: 'odd', requestId: 'r', request: bytes('') });
    expect((await operations.wait(name)).result?.value).toMatchObject({ code: Code.INTERNAL });
  });
});

describe('wait', () => {
  it('returns the operation as it is when its time is over', async () => {
    const { operations } = await openEngine({ never });
    const { name } = await operations.start({ kind: 'never', requestId: 'r', request: bytes('') });
    expect(await operations.wait(name, { timeoutMs: 5 })).toMatchObject({
      name,
      result: undefined,
    });
  });

  it('returns at once what has ended', async () => {
    const { operations } = await openEngine({ echo });
    const { name } = await operations.start({ kind: 'echo', requestId: 'r', request: bytes('') });
    const ended = await operations.wait(name);
    expect(await operations.wait(name, { timeoutMs: 0 })).toEqual(ended);
  });

  it('rejects with the reason of its signal', async () => {
    const { operations } = await openEngine({ never });
    const { name } = await operations.start({ kind: 'never', requestId: 'r', request: bytes('') });
    const controller = new AbortController();
    const waiting = operations.wait(name, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('knows no operation that is not there', async () => {
    const { operations } = await openEngine({ echo });
    const error = await caught(operations.wait('operations/none'));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)).toMatchObject({ resourceName: 'operations/none' });
    expect((await caught(operations.wait('none'))).code).toBe(Code.INVALID_ARGUMENT);
  });
});

describe('cancel', () => {
  it('aborts the signal of the work, and the operation ends with CANCELLED', async () => {
    const { operations } = await openEngine({ never });
    const { name } = await operations.start({ kind: 'never', requestId: 'r', request: bytes('') });
    await operations.cancel(name);
    expect(await operations.wait(name)).toMatchObject({
      cancelRequested: true,
      result: { $case: 'error', value: { code: Code.CANCELLED } },
    });
    const events = await collect(operations.events(name));
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'CANCELLED']);
  });

  it('leaves the result to the work: what succeeds all the same has succeeded', async () => {
    const gate = Promise.withResolvers<void>();
    const { operations } = await openEngine({
      stubborn: () => gate.promise.then(() => textAny('done')),
    });
    const { name } = await operations.start({
      kind: 'stubborn',
      requestId: 'r',
      request: bytes(''),
    });
    await operations.cancel(name);
    gate.resolve();
    expect((await operations.wait(name)).result?.$case).toBe('response');
  });

  it('changes nothing in an operation that has ended, and knows none that is not there', async () => {
    const { operations } = await openEngine({ echo });
    const { name } = await operations.start({ kind: 'echo', requestId: 'r', request: bytes('') });
    const ended = await operations.wait(name);
    await operations.cancel(name);
    expect(await operations.get(name)).toEqual(ended);
    expect((await caught(operations.cancel('operations/none'))).code).toBe(Code.NOT_FOUND);
  });
});

describe('delete', () => {
  it('removes an operation that has ended, and frees its request id', async () => {
    const { operations } = await openEngine({ echo });
    const start = () => operations.start({ kind: 'echo', requestId: 'r', request: bytes('') });
    const { name } = await start();
    await operations.wait(name);
    await operations.delete(name);
    expect((await caught(operations.get(name))).code).toBe(Code.NOT_FOUND);
    expect((await caught(operations.delete(name))).code).toBe(Code.NOT_FOUND);
    expect((await start()).name).not.toBe(name);
  });

  it('refuses an operation that has not ended, and does not cancel it', async () => {
    const gate = Promise.withResolvers<void>();
    const { operations } = await openEngine({
      gated: () => gate.promise.then(() => textAny('done')),
    });
    const { name } = await operations.start({ kind: 'gated', requestId: 'r', request: bytes('') });
    const error = await caught(operations.delete(name));
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(findDetail(error, PreconditionFailure)?.violations).toMatchObject([
      { type: 'OPERATION_UNFINISHED', subject: name },
    ]);
    gate.resolve();
    expect(await operations.wait(name)).toMatchObject({
      cancelRequested: false,
      result: { $case: 'response' },
    });
  });
});

describe('list', () => {
  it('pages through all operations, newest first, each of them once', async () => {
    const { operations } = await openEngine({ echo });
    for (const requestId of ['1', '2', '3', '4', '5']) {
      await operations.start({ kind: 'echo', requestId, request: bytes('') });
    }
    const seen: string[][] = [];
    let pageToken = '';
    do {
      const page = await operations.list({ pageSize: 2, pageToken });
      seen.push(page.operations.map(({ requestId }) => requestId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual([['5', '4'], ['3', '2'], ['1']]);
  });

  it('filters by whether they have ended', async () => {
    const { operations } = await openEngine({ echo, never });
    const ended = await operations.start({ kind: 'echo', requestId: '1', request: bytes('') });
    const running = await operations.start({ kind: 'never', requestId: '2', request: bytes('') });
    await operations.wait(ended.name);
    const names = async (filter: string) =>
      (await operations.list({ filter })).operations.map(({ name }) => name);
    expect(await names('done=true')).toEqual([ended.name]);
    expect(await names('done = false')).toEqual([running.name]);
    expect(await names('')).toEqual([running.name, ended.name]);
  });

  it('refuses other filters, sizes below zero, and tokens of another filter', async () => {
    const { operations } = await openEngine({ echo });
    for (const requestId of ['1', '2']) {
      const { name } = await operations.start({ kind: 'echo', requestId, request: bytes('') });
      await operations.wait(name);
    }
    const { nextPageToken } = await operations.list({ pageSize: 1, filter: 'done=true' });
    expect(
      await operations.list({ pageToken: nextPageToken, filter: 'done = true' }),
    ).toMatchObject({
      operations: [{ requestId: '1' }],
    });
    for (const options of [
      { filter: 'size=1' },
      { pageSize: -1 },
      { pageToken: 'x' },
      { pageToken: nextPageToken },
      { pageToken: nextPageToken, filter: 'done=false' },
    ]) {
      expect((await caught(operations.list(options))).code).toBe(Code.INVALID_ARGUMENT);
    }
  });
});
