import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, findDetail } from '@trivium/rpc';
import type { OperationEvent } from '../operation/operation-event.ts';
import {
  bytes,
  caught,
  closeEngines,
  collect,
  oneTo,
  openEngine,
  textAny,
} from '../fixtures/open-engine.ts';
import type { RunningOperation } from './running-operation.ts';

afterEach(closeEngines);

/** An operation whose events the test writes and whose end it decides. */
async function startByHand() {
  const begun = Promise.withResolvers<RunningOperation>();
  const end = Promise.withResolvers<void>();
  const engine = await openEngine({
    byHand: async (operation) => {
      begun.resolve(operation);
      operation.signal.addEventListener('abort', () => end.resolve());
      await end.promise;
      return textAny('done');
    },
  });
  const request = bytes('');
  const { name } = await engine.operations.start({ kind: 'byHand', requestId: 'r', request });
  return { ...engine, name, operation: await begun.promise, end };
}

const sequences = (events: readonly OperationEvent[]) => events.map(({ sequence }) => sequence);

it('numbers the events of concurrent emits from 1 to n, without gaps', async () => {
  const { operations, name, operation, end } = await startByHand();
  const emit = (_: unknown, index: number) =>
    operation.emit({ kind: index, description: `event ${index}` });
  const returned = await Promise.all(Array.from({ length: 500 }, emit));
  expect([...returned].sort((a, b) => a - b)).toEqual(oneTo(501).slice(1));
  end.resolve();
  const events = await collect(operations.events(name));
  expect(sequences(events)).toEqual(oneTo(502));
  expect(events.at(returned[7]! - 1)).toMatchObject({ kind: 7, description: 'event 7' });
});

it('shows an event with all that it was written with', async () => {
  const { operations, name, operation, end } = await startByHand();
  const error = { code: Code.ABORTED, message: 'Why', details: [textAny('detail')] };
  await operation.emit({ kind: 'NEWS', description: 'Something', payload: textAny('x'), error });
  end.resolve();
  expect((await collect(operations.events(name)))[1]).toMatchObject({
    ...{ sequence: 2, kind: 'NEWS', description: 'Something', attempt: 1, last: false, error },
    payload: textAny('x'),
    time: expect.any(Date),
  });
});

it('replays from any sequence, follows what comes, and ends after the last event', async () => {
  const { operations, name, operation, end } = await startByHand();
  for (const kind of [1, 2]) await operation.emit({ kind, description: '' });
  const watches = [0, 1, 2, 3].map((after) => collect(operations.events(name, { after })));
  await operation.emit({ kind: 3, description: '' });
  end.resolve();
  for (const [after, watch] of watches.entries()) {
    const events = await watch;
    expect(sequences(events)).toEqual(oneTo(5).slice(after));
    expect(events.map(({ last }) => last)).toEqual(events.map((_, i) => i === events.length - 1));
  }
});

it('goes on where a watcher left off, and leaving cancels nothing', async () => {
  const { operations, name, operation, end } = await startByHand();
  for (const kind of [1, 2, 3]) await operation.emit({ kind, description: '' });
  const seen: number[] = [];
  for await (const event of operations.events(name)) {
    seen.push(event.sequence);
    if (event.sequence === 2) break;
  }
  expect(operation.signal.aborted).toBe(false);
  end.resolve();
  for await (const event of operations.events(name, { after: seen.at(-1) })) {
    seen.push(event.sequence);
  }
  expect(seen).toEqual(oneTo(5));
});

it('refuses a sequence that the operation never had, and shows nothing after the last one', async () => {
  const { operations, name, end } = await startByHand();
  const error = await caught(collect(operations.events(name, { after: 7 })));
  expect(error).toMatchObject({ code: Code.OUT_OF_RANGE });
  expect(findDetail(error, ErrorInfo)).toMatchObject({
    reason: 'CURSOR_BEYOND_END',
    metadata: new Map([
      ['after', '7'],
      ['last_sequence', '1'],
    ]),
  });
  end.resolve();
  await operations.wait(name);
  expect(await collect(operations.events(name, { after: 2 }))).toEqual([]);
});

it('lets a slow watcher read more than a page at its own pace', async () => {
  const { operations, name, operation, end } = await startByHand();
  const watcher = operations.events(name)[Symbol.asyncIterator]();
  await watcher.next();
  await Promise.all(oneTo(350).map((kind) => operation.emit({ kind, description: '' })));
  end.resolve();
  await operations.wait(name);
  const rest = await collect({ [Symbol.asyncIterator]: () => watcher });
  expect(sequences(rest)).toEqual(oneTo(352).slice(1));
});

it('shows the same to many watchers', async () => {
  const { operations, name, operation, end } = await startByHand();
  const watches = oneTo(50).map(() => collect(operations.events(name)));
  for (const kind of oneTo(20)) await operation.emit({ kind, description: '' });
  end.resolve();
  for (const events of await Promise.all(watches)) expect(sequences(events)).toEqual(oneTo(22));
});

it('ends with the reason of its signal, while it waits and between events', async () => {
  const { operations, name, operation } = await startByHand();
  const controller = new AbortController();
  const watcher = operations.events(name, { signal: controller.signal })[Symbol.asyncIterator]();
  await watcher.next();
  const waiting = watcher.next();
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');

  await operation.emit({ kind: 1, description: '' });
  const second = new AbortController();
  const other = operations.events(name, { signal: second.signal })[Symbol.asyncIterator]();
  await other.next();
  second.abort(new Error('enough'));
  await expect(other.next()).rejects.toThrow('enough');
});

it('writes nothing after the last event', async () => {
  const { operations, name, operation, end } = await startByHand();
  end.resolve();
  const ended = await operations.wait(name);
  await expect(operation.emit({ kind: 1, description: 'late' })).rejects.toThrow('has ended');
  expect(sequences(await collect(operations.events(name)))).toEqual([1, 2]);
  expect(ended.lastSequence).toBe(2);
});

it('refuses events of the kinds that the engine writes', async () => {
  const { operation } = await startByHand();
  await expect(operation.emit({ kind: 'SUCCEEDED', description: '' })).rejects.toThrow(TypeError);
});

it('replaces the metadata together with an event, or by itself', async () => {
  const { operations, name, operation } = await startByHand();
  await operation.emit({ kind: 1, description: '', metadata: textAny('half') });
  expect(await operations.get(name)).toMatchObject({ metadata: textAny('half'), lastSequence: 2 });
  await operation.setMetadata(textAny('more'));
  expect(await operations.get(name)).toMatchObject({ metadata: textAny('more'), lastSequence: 2 });
});

it('knows no operation that is not there, or was deleted while it was watched', async () => {
  const { operations, name, end } = await startByHand();
  const first = operations.events('operations/none')[Symbol.asyncIterator]();
  await expect(first.next()).rejects.toMatchObject({ code: Code.NOT_FOUND });
  const watcher = operations.events(name)[Symbol.asyncIterator]();
  await watcher.next();
  end.resolve();
  await operations.wait(name);
  await operations.delete(name);
  await expect(watcher.next()).rejects.toMatchObject({ code: Code.NOT_FOUND });
});

it('ends every watch when the engine closes', async () => {
  const { operations, name } = await startByHand();
  const watch = collect(operations.events(name));
  const waiting = operations.wait(name);
  const rejections = Promise.all([
    expect(watch).rejects.toMatchObject({ code: Code.UNAVAILABLE }),
    expect(waiting).rejects.toMatchObject({ code: Code.UNAVAILABLE }),
  ]);
  await Promise.all([operations.close(), rejections]);
});
