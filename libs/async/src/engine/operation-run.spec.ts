import { Code, RpcError } from '@trivium/rpc';
import {
  bytes,
  closeEngines,
  collect,
  openEngine,
  Text,
  textAny,
} from '../fixtures/open-engine.ts';
import type { Work } from './running-operation.ts';

afterEach(closeEngines);

const request = bytes('');

/** Resolves never, and rejects as a call does whose signal aborts. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
  );

it('runs a step once however often, and whenever, it is asked for', async () => {
  let runs = 0;
  const one = {
    type: Text,
    repeatable: true,
    run: async () => {
      runs += 1;
      return `run ${runs}`;
    },
  };
  const { operations } = await openEngine({
    parallel: async (operation) => {
      const both = await Promise.all([operation.step('one', one), operation.step('one', one)]);
      return textAny((await operation.step('one', one)) + both.join(''));
    },
  });
  const { name } = await operations.start({ kind: 'parallel', requestId: 'r', request });
  expect((await operations.wait(name)).result?.value).toEqual(textAny('run 1run 1run 1'));
  expect(runs).toBe(1);
});

it('writes the event of a step together with its outcome', async () => {
  const { operations } = await openEngine({
    work: async (operation) => {
      const event = (value: string) => ({ kind: 4, description: value, metadata: textAny(value) });
      await operation.step('one', {
        type: Text,
        repeatable: true,
        run: async () => 'reserved',
        event,
      });
      return textAny('done');
    },
  });
  const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
  const events = await collect(operations.events(name));
  expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 4, 'SUCCEEDED']);
  expect(await operations.get(name)).toMatchObject({ metadata: textAny('reserved') });
});

it('gives what failed once as the same failure ever after', async () => {
  let runs = 0;
  const work: Work = async (operation) => {
    const run = (): Promise<string> => {
      runs += 1;
      throw new RpcError(Code.FAILED_PRECONDITION, 'Sold out', { details: [textAny('MUG')] });
    };
    const errors: unknown[] = [];
    for (let times = 0; times < 2; times += 1) {
      await operation
        .step('one', { type: Text, repeatable: true, run })
        .catch((error) => errors.push(error));
    }
    expect(errors).toHaveLength(2);
    expect(errors[1]).toMatchObject({ code: Code.FAILED_PRECONDITION, details: [textAny('MUG')] });
    throw errors[1];
  };
  const { operations } = await openEngine({ work });
  const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
  expect((await operations.wait(name)).result?.value).toMatchObject({ message: 'Sold out' });
  expect(runs).toBe(1);
});

it('lets cancelled work undo what it did, and start nothing else', async () => {
  const begun = Promise.withResolvers<void>();
  const ran: string[] = [];
  const { operations } = await openEngine({
    work: async (operation) => {
      const step = (id: string, options: { evenIfCancelled?: boolean } = {}) =>
        operation.step(id, {
          type: Text,
          repeatable: true,
          run: async (signal) => {
            if (id === 'pay') {
              begun.resolve();
              await untilAborted(signal);
            }
            expect(signal.aborted).toBe(false);
            ran.push(id);
            return id;
          },
          event: () => ({ kind: id, description: '' }),
          ...options,
        });
      await step('reserve');
      try {
        await step('pay');
      } catch (error) {
        await step('ship').catch(() => undefined);
        await step('release', { evenIfCancelled: true });
        throw error;
      }
      return textAny('done');
    },
  });
  const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
  await begun.promise;
  await operations.cancel(name);
  expect((await operations.wait(name)).result?.value).toMatchObject({ code: Code.CANCELLED });
  expect(ran).toEqual(['reserve', 'release']);
  const kinds = (await collect(operations.events(name))).map(({ kind }) => kind);
  expect(kinds).toEqual(['ACCEPTED', 'reserve', 'release', 'CANCELLED']);
});

describe('closing the engine', () => {
  it('records no failure and undoes nothing; the next engine goes on', async () => {
    const begun = Promise.withResolvers<void>();
    const ran: string[] = [];
    const work: Work = async (operation) => {
      const step = (id: string, run: (signal: AbortSignal) => Promise<string>) =>
        operation.step(id, {
          type: Text,
          repeatable: true,
          run,
          event: () => ({ kind: id, description: '' }),
        });
      try {
        await step('one', async () => {
          ran.push('one');
          return '1';
        });
        await step('two', async (signal) => {
          ran.push('two');
          begun.resolve();
          if (operation.attempt === 1) await untilAborted(signal);
          return '2';
        });
      } catch (error) {
        ran.push('undo');
        await step('undo', async () => 'undone');
        throw error;
      }
      return textAny('done');
    };
    const first = await openEngine({ work });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await begun.promise;
    await first.stop();

    const { operations } = await openEngine({ work }, first.path);
    expect(await operations.get(name)).toMatchObject({ attempt: 1, result: undefined });
    expect(await operations.resume()).toBe(1);
    expect(await operations.wait(name)).toMatchObject({
      attempt: 2,
      result: { $case: 'response' },
    });
    expect(ran).toEqual(['one', 'two', 'two']);
    const events = await collect(operations.events(name));
    expect(events.map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ['ACCEPTED', 0],
      ['one', 1],
      ['RESUMED', 2],
      ['STEP_REPEATED', 2],
      ['two', 2],
      ['SUCCEEDED', 2],
    ]);
  });

  it('waits for a step in flight and records what it achieves', async () => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const work: Work = async (operation) => {
      const run = async (): Promise<string> => {
        runs += 1;
        begun.resolve();
        await gate.promise;
        return 'paid';
      };
      return textAny(await operation.step('pay', { type: Text, repeatable: true, run }));
    };
    const first = await openEngine({ work });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await begun.promise;
    const stopped = first.stop();
    gate.resolve();
    await stopped;

    const { operations } = await openEngine({ work }, first.path);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toEqual(textAny('paid'));
    expect(runs).toBe(1);
  });

  it('refuses to start anything', async () => {
    const { operations } = await openEngine({ work: async () => textAny('') });
    await operations.close();
    const start = operations.start({ kind: 'work', requestId: 'r', request });
    await expect(start).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });
});

describe('resume', () => {
  it('goes on with a cancellation that was asked for before the end of the process', async () => {
    const begun = Promise.withResolvers<void>();
    const work: Work = async (operation) => {
      const run = async (signal: AbortSignal): Promise<string> => {
        begun.resolve();
        return operation.attempt === 1 ? untilAborted(signal) : 'deaf to the cancellation';
      };
      await operation.step('one', { type: Text, repeatable: true, run, evenIfCancelled: true });
      await operation.step('two', { type: Text, repeatable: true, run: async () => 'never' });
      return textAny('done');
    };
    const first = await openEngine({ work });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await begun.promise;
    await first.operations.cancel(name);
    await first.stop();
    const { operations } = await openEngine({ work }, first.path);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toMatchObject({ code: Code.CANCELLED });
  });

  it('leaves alone what this engine started, and resumes nothing twice', async () => {
    const gate = Promise.withResolvers<void>();
    const { operations } = await openEngine({ work: () => gate.promise.then(() => textAny('')) });
    const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
    expect(await Promise.all([operations.resume(), operations.resume()])).toEqual([0, 0]);
    gate.resolve();
    expect(await operations.wait(name)).toMatchObject({ attempt: 1, lastSequence: 2 });
  });

  it('leaves an operation of an unknown kind as it is', async () => {
    const begun = Promise.withResolvers<void>();
    const first = await openEngine({
      old: ({ signal }) => {
        begun.resolve();
        return untilAborted(signal);
      },
    });
    const { name } = await first.operations.start({ kind: 'old', requestId: 'r', request });
    await begun.promise;
    await first.stop();
    const { operations } = await openEngine({}, first.path);
    expect(await operations.resume()).toBe(0);
    expect(await operations.get(name)).toMatchObject({ attempt: 1, result: undefined });
  });
});

it('stands still when its log cannot be written, rather than undoing what it did', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let undone = false;
  const work: Work = async (operation) => {
    try {
      await operation.step('one', {
        type: Text,
        repeatable: true,
        run: async () => {
          begun.resolve();
          await gate.promise;
          return '1';
        },
      });
    } catch {
      undone = true;
    }
    return textAny('done');
  };
  const first = await openEngine({ work });
  const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
  await begun.promise;
  await first.store.close();
  gate.resolve();
  await first.operations.close();
  expect(undone).toBe(false);
  const { operations } = await openEngine({ work }, first.path);
  expect(await operations.get(name)).toMatchObject({ result: undefined });
});
