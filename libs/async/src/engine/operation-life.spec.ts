import { OperationState } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { Code, createClient, createLogger, openChannel, startHost, bind } from '@trivium/rpc';
import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import {
  bytes,
  caught,
  closeEngines,
  collect,
  openEngine,
  Text,
  textAny,
} from '../fixtures/open-engine.ts';
import { toOperation } from '../operation/operation-record.ts';
import { durable } from './durable.ts';
import type { StepType, Work } from './running-operation.ts';
import { startAndWait } from './start-and-wait.ts';

afterEach(closeEngines);

const request = bytes('');
const never: Work = ({ signal }) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe("an operation's own deadline", () => {
  it('aborts its signal, and is what it ends with', async () => {
    const { operations } = await openEngine({ never });
    const started = { kind: 'never', requestId: 'r', request, timeoutMs: 20 };
    const { name, deadline } = await operations.start(started);
    expect(deadline).toBeInstanceOf(Date);
    const { result, cancelRequested } = await operations.wait(name);
    expect(result?.value).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(cancelRequested).toBe(false);
    expect((await collect(operations.events(name))).at(-1)).toMatchObject({ kind: 'FAILED' });
  });

  it('holds after a restart: no step starts any more, but those that undo', async () => {
    const begun = Promise.withResolvers<void>();
    const ran: string[] = [];
    const step = (id: string) => ({
      ...{ type: Text, repeatable: true },
      run: async () => (ran.push(id), id),
      undo: { run: async () => void ran.push(`undo ${id}`) },
    });
    const first = await openEngine({
      work: async (operation) => {
        await operation.step('one', step('one'));
        begun.resolve();
        return never(operation);
      },
    });
    const started = { kind: 'work', requestId: 'r', request, timeoutMs: 60_000 };
    const { name } = await first.operations.start(started);
    await begun.promise;
    await first.stop();
    const later = { clock: () => Date.now() + 60_000 };
    const work: Work = async (operation) => {
      await operation.step('one', step('one'));
      await operation.step('two', step('two'));
      return textAny('done');
    };
    const { operations } = await openEngine({ work }, first.path, later);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
    });
    expect(ran).toEqual(['one', 'undo one']);
  });

  it('refuses one that has passed already', async () => {
    const { operations } = await openEngine({ never });
    for (const timeoutMs of [0, -1, NaN]) {
      const start = operations.start({ kind: 'never', requestId: 'r', request, timeoutMs });
      expect((await caught(start)).code).toBe(Code.INVALID_ARGUMENT);
    }
  });
});

describe('sync that becomes async', () => {
  it('gives the result if it comes in time, and else the operation in which the one attempt goes on', async () => {
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const { operations } = await openEngine({
      quick: async () => (calls++, textAny('quick')),
      slow: async () => {
        calls += 1;
        await gate.promise;
        return textAny('slow');
      },
    });
    const ask = (kind: string, waitMs: number) =>
      startAndWait(operations, { kind, requestId: kind, request }, { waitMs });
    expect((await ask('quick', 10_000)).result?.value).toEqual(textAny('quick'));
    expect(calls).toBe(1);
    const running = await ask('slow', 5);
    expect(running).toMatchObject({ result: undefined, attempt: 1 });
    // The same request again waits for the same attempt.
    const again = ask('slow', 10_000);
    gate.resolve();
    expect((await again).name).toBe(running.name);
    expect((await operations.wait(running.name)).result?.value).toEqual(textAny('slow'));
    expect(calls).toBe(2);
  });
});

describe('a plan that runs as an operation', () => {
  it('calls nothing again that is recorded, and undoes even when it is cancelled', async () => {
    const made: string[] = [];
    const hung = Promise.withResolvers<void>();
    const work: Work = async (operation) => {
      const perform = durable(operation, () => ({
        type: Text as StepType<unknown>,
        repeatable: true,
      }));
      const call = (id: string) =>
        perform({
          ...{ id, kind: 'call' as const },
          call: async () => {
            made.push(id);
            if (id === 'b' && operation.attempt === 1) {
              hung.resolve();
              await never(operation);
            }
            return `${id}${operation.attempt}`;
          },
        });
      const a = await call('a');
      const b = await call('b');
      const undone = await perform({ id: 'a', kind: 'undo', call: async () => 'undone' });
      return textAny([a, b, undone].join());
    };
    const first = await openEngine({ work });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await hung.promise;
    await first.stop();
    const { operations } = await openEngine({ work }, first.path);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toEqual(textAny('a1,b2,undone'));
    expect(made).toEqual(['a', 'b', 'b']);
  });
});

describe('the description of an operation', () => {
  it('says what it waits for, and who works on it', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { operations, path } = await openEngine({
      work: async (operation) => {
        const run = async (): Promise<string> => {
          begun.resolve();
          await gate.promise;
          return 'x';
        };
        const description = 'the bank to answer';
        return textAny(await operation.step('pay', { type: Text, description, run }));
      },
    });
    const started = { kind: 'work', requestId: 'r', request, metadata: textAny('m') };
    const { name } = await operations.start(started);
    await begun.promise;
    const other = (await openEngine({}, path)).operations;
    for (const seen of [operations, other]) {
      expect(await seen.describe(name)).toMatchObject({
        ...{ name, kind: 'work', requestId: 'r', attempt: 1, lastSequence: 2n },
        ...{ state: OperationState.OPERATION_STATE_RUNNING, waitingFor: 'the bank to answer' },
        waitingSinceTime: expect.any(Date),
        owner: expect.stringContaining(String(process.pid)),
        detail: textAny('m'),
      });
    }
    await other.cancel(name);
    expect((await operations.describe(name)).state).toBe(OperationState.OPERATION_STATE_CANCELLING);
    gate.resolve();
    await operations.wait(name);
    expect(await operations.describe(name)).toMatchObject({
      ...{ state: OperationState.OPERATION_STATE_SUCCEEDED, waitingFor: '', owner: '' },
      endTime: expect.any(Date),
    });
  });

  it('says of one that nobody works on that it waits for a process', async () => {
    const { operations, path, stop } = await openEngine({ never });
    const { name } = await operations.start({ kind: 'never', requestId: 'r', request });
    await stop();
    const other = (await openEngine({}, path)).operations;
    expect(await other.describe(name)).toMatchObject({
      state: OperationState.OPERATION_STATE_PENDING,
      waitingFor: 'a process that takes it on',
    });
  });
});

it('keeps the trace of the call that asked for it, and hands it to each attempt', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const attempts: unknown[] = [];
  const { operations } = await openEngine({ work: async () => textAny('done') }, undefined, {
    aroundAttempt: (attempt, run) => {
      attempts.push([attempt.name, attempt.kind, attempt.attempt, attempt.traceparent]);
      return run();
    },
  });
  const unused = (): Promise<never> => Promise.reject(new Error('It is not called.'));
  const service = bind(OperationsDefinition, {
    ...{ listOperations: unused, waitOperation: unused },
    ...{ cancelOperation: unused, deleteOperation: unused },
    getOperation: async ({ name: requestId }) =>
      toOperation(await operations.start({ kind: 'work', requestId, request })),
  });
  const log = createLogger({ name: 'spec', level: 'silent' });
  const host = await startHost({ address: '127.0.0.1:0', services: [service], log });
  const channel = openChannel(host.address);
  const client = createClient(OperationsDefinition, channel);
  const { name } = await client.getOperation({ name: 'r' }, { metadata: { traceparent } });
  await client.getOperation({ name: 'q' }, { metadata: { traceparent: 'nonsense' } });
  expect(await operations.wait(name)).toMatchObject({ traceparent });
  expect(attempts).toEqual([
    [name, 'work', 1, traceparent],
    [expect.any(String), 'work', 1, undefined],
  ]);
  channel.close();
  await host.drain({ force: true });
});

it('deletes operations some time after their end, and says that they are not there', async () => {
  const { operations } = await openEngine({ echo: async () => textAny('done'), never }, undefined, {
    retentionMs: 1,
    sweepMs: 1,
  });
  const running = await operations.start({ kind: 'never', requestId: 'q', request });
  const { name } = await operations.start({ kind: 'echo', requestId: 'r', request });
  const gone = async (): Promise<unknown> => {
    for (;;) {
      await operations.wait(name);
      await new Promise(setImmediate);
    }
  };
  expect((await caught(gone() as Promise<never>)).code).toBe(Code.NOT_FOUND);
  const watch = collect(operations.events(name, { after: 1 }));
  expect((await caught(watch)).code).toBe(Code.NOT_FOUND);
  expect((await operations.get(running.name)).name).toBe(running.name);
});

it('gives who waits what is on disk, whether it has waited for it or not', async () => {
  const { operations } = await openEngine({
    work: async (operation) => {
      await operation.setMetadata(textAny('half'));
      await operation.emit({ kind: 1, description: '', metadata: textAny('more') });
      return textAny('done');
    },
    fail: async (operation) => {
      await never(operation);
      return textAny('');
    },
  });
  for (const kind of ['work', 'fail']) {
    const metadata = textAny('placed');
    const { name } = await operations.start({
      kind,
      requestId: kind,
      request: request,
      metadata,
    });
    const waiting = operations.wait(name);
    if (kind === 'fail') await operations.cancel(name);
    const waited = await waiting;
    expect(waited).toEqual(await operations.get(name));
    expect(await operations.wait(name)).toEqual(waited);
  }
});
