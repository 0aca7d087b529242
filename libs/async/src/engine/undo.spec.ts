import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, RpcError } from '@trivium/rpc';
import {
  bytes,
  closeEngines,
  collect,
  openEngine,
  Text,
  textAny,
} from '../fixtures/open-engine.ts';
import type { RunningOperation, Undo, Work } from './running-operation.ts';

afterEach(closeEngines);

const request = bytes('');
const soldOut = new RpcError(Code.FAILED_PRECONDITION, 'Sold out');

/** A step whose undoing is written down in `undone`. */
function undoable(operation: RunningOperation, undone: string[]) {
  return (id: string, fails?: RpcError, undo: Partial<Undo> = {}) =>
    operation.step(id, {
      type: Text,
      repeatable: true,
      run: async () => {
        if (fails) throw fails;
        return id;
      },
      undo: { run: async () => void undone.push(id), ...undo },
    });
}

async function runToItsEnd(work: Work) {
  const { operations } = await openEngine({ work });
  const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
  const record = await operations.wait(name);
  const events = await collect(operations.events(name));
  return { record, events, kinds: events.map(({ kind }) => kind) };
}

it('undoes what was done when the work fails, the last step first, and tells of it', async () => {
  const undone: string[] = [];
  const { record, events, kinds } = await runToItsEnd(async (operation) => {
    const step = undoable(operation, undone);
    await step('one');
    await step('two', undefined, {
      event: () => ({ kind: 'RELEASED', description: 'Given back' }),
    });
    await step('three', soldOut);
    return textAny('done');
  });
  expect(undone).toEqual(['two', 'one']);
  expect(kinds).toEqual(['ACCEPTED', 'UNDOING', 'RELEASED', 'STEP_UNDONE', 'FAILED']);
  expect(events[1]!.error).toMatchObject({ code: Code.FAILED_PRECONDITION, message: 'Sold out' });
  expect(record.result?.value).toMatchObject({ code: Code.FAILED_PRECONDITION, details: [] });
});

it('undoes nothing when the work succeeds, though a step of it had failed', async () => {
  const undone: string[] = [];
  const { kinds } = await runToItsEnd(async (operation) => {
    const step = undoable(operation, undone);
    await step('one');
    await step('two', soldOut).catch(() => undefined);
    return textAny('done');
  });
  expect(undone).toEqual([]);
  expect(kinds).toEqual(['ACCEPTED', 'SUCCEEDED']);
});

it('undoes as well what may have had its effect all the same', async () => {
  const undone: string[] = [];
  const lost = new RpcError(Code.UNAVAILABLE, 'Connection lost');
  await runToItsEnd(async (operation) => {
    await undoable(operation, undone)('one', lost);
    return textAny('done');
  });
  expect(undone).toEqual(['one']);
});

it('undoes what was done when the operation is cancelled', async () => {
  const begun = Promise.withResolvers<void>();
  const undone: string[] = [];
  const { operations } = await openEngine({
    work: async (operation) => {
      await undoable(operation, undone)('one');
      begun.resolve();
      await new Promise((_, reject) =>
        operation.signal.addEventListener('abort', () => reject(operation.signal.reason)),
      );
      return textAny('done');
    },
  });
  const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
  await begun.promise;
  await operations.cancel(name);
  expect((await operations.wait(name)).result?.value).toMatchObject({ code: Code.CANCELLED });
  expect(undone).toEqual(['one']);
});

it('tries again to undo what fails to be undone', async () => {
  let tries = 0;
  const { kinds, record } = await runToItsEnd(async (operation) => {
    const run = async (): Promise<void> => {
      tries += 1;
      if (tries < 3) throw new RpcError(Code.UNAVAILABLE, 'Away');
    };
    await undoable(operation, [])('one', undefined, { run });
    throw soldOut;
  });
  expect(tries).toBe(3);
  expect(kinds).toEqual(['ACCEPTED', 'UNDOING', 'STEP_UNDONE', 'FAILED']);
  expect(record.result?.value).toMatchObject({ details: [] });
});

it('reports what cannot be undone in an event and in the error, and undoes the rest', async () => {
  const undone: string[] = [];
  const { kinds, events, record } = await runToItsEnd(async (operation) => {
    const step = undoable(operation, undone);
    await step('one');
    await step('two', undefined, {
      maxAttempts: 2,
      run: () => Promise.reject(new RpcError(Code.UNAVAILABLE, 'Away')),
    });
    throw soldOut;
  });
  expect(undone).toEqual(['one']);
  expect(kinds).toEqual(['ACCEPTED', 'UNDOING', 'UNDO_FAILED', 'STEP_UNDONE', 'FAILED']);
  expect(events[2]!.error).toMatchObject({ code: Code.UNAVAILABLE });
  const { details } = record.result!.value as { details: { value: Buffer }[] };
  const info = ErrorInfo.decode(details[0]!.value);
  expect(info.reason).toBe('UNDO_FAILED');
  expect(Object.fromEntries(info.metadata)).toEqual({
    ...{ step: 'two', code: 'UNAVAILABLE', message: 'Away' },
  });
});

it('goes on undoing after a crash, whatever the work would decide by then, and undoes nothing twice', async () => {
  const undone: string[] = [];
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<never>();
  const work: Work = async (operation) => {
    const step = undoable(operation, undone);
    await step('one', undefined, {
      run: async () => {
        undone.push(`one of attempt ${operation.attempt}`);
        if (operation.attempt > 1) return;
        begun.resolve();
        await end.promise;
      },
    });
    await step('two');
    // Not a step: another attempt decides otherwise.
    if (operation.attempt === 1) throw soldOut;
    await step('three');
    return textAny('done');
  };
  const first = await openEngine({ work });
  const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
  await begun.promise;
  await first.store.close();
  const { operations } = await openEngine({ work }, first.path);
  await operations.resume();
  expect((await operations.wait(name)).result?.value).toMatchObject({ message: 'Sold out' });
  expect(undone).toEqual(['two', 'one of attempt 1', 'one of attempt 2']);
  const kinds = (await collect(operations.events(name))).map(({ kind }) => kind);
  expect(kinds).toEqual([
    ...['ACCEPTED', 'UNDOING', 'STEP_UNDONE', 'RESUMED', 'STEP_REPEATED', 'STEP_UNDONE', 'FAILED'],
  ]);
  end.reject(new Error('It has ended.'));
});
