import { faultyStore } from '../faults/faulty-store.ts';
import {
  bytes,
  closeEngines,
  newPath,
  oneTo,
  openEngine,
  textAny,
} from '../fixtures/open-engine.ts';
import { openOperationStore } from '../store/sqlite/open-operation-store.ts';
import type { Work } from './running-operation.ts';

afterEach(closeEngines);

const request = bytes('');

describe('more than may run at a time', () => {
  it('waits on disk until there is room, and all of it ends', async () => {
    let running = 0;
    let most = 0;
    const work: Work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return textAny('done');
    };
    const { operations } = await openEngine({ work }, undefined, { maxRunning: 3 });
    const names = await Promise.all(
      oneTo(50).map((n) => operations.start({ kind: 'work', requestId: `r${n}`, request })),
    );
    for (const { name } of names) {
      expect((await operations.wait(name)).result?.value).toEqual(textAny('done'));
    }
    expect(most).toBeLessThanOrEqual(3);
  });

  it('has room again when what was being accepted turns out to be there already', async () => {
    const ends = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    let accepted = 0;
    const store = faultyStore(await openOperationStore({ path: newPath() }), (point) => {
      if (point === 'after accept' && ++accepted === 3) return answer.promise;
    });
    const kinds = {
      held: () => ends.promise.then(() => textAny('')),
      work: async () => textAny(''),
    };
    const options = { store, maxRunning: 1, leaseMs: 600_000 };
    const { operations } = await openEngine(kinds, undefined, options);
    const held = { kind: 'held', requestId: 'held', request };
    const { name } = await operations.start(held);
    const waiting = await operations.start({ kind: 'work', requestId: 'waiting', request });
    // It may need the room, until its answer is here.
    const again = operations.start(held);
    ends.resolve();
    await operations.wait(name);
    answer.resolve();
    expect((await again).name).toBe(name);
    expect((await operations.wait(waiting.name)).result).toBeDefined();
  });

  it('is no more while some are being claimed and others accepted', async () => {
    const [first, others] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [claiming, claimed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let running = 0;
    let most = 0;
    const store = faultyStore(await openOperationStore({ path: newPath() }), (point) => {
      if (point !== 'after claim') return;
      claiming.resolve();
      return claimed.promise;
    });
    const held =
      (until: Promise<void>): Work =>
      async () => {
        most = Math.max(most, (running += 1));
        await until;
        running -= 1;
        return textAny('');
      };
    const kinds = { first: held(first.promise), other: held(others.promise) };
    const options = { store, maxRunning: 1, leaseMs: 600_000 };
    const { operations } = await openEngine(kinds, undefined, options);
    const start = (kind: string, requestId: string) =>
      operations.start({ kind, requestId, request });
    const started = [await start('first', '1'), await start('other', '2')];
    first.resolve();
    await claiming.promise;
    // It is handed in while the second one is taken, and has to wait.
    started.push(await start('other', '3'));
    claimed.resolve();
    while (running === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(running).toBe(1);
    others.resolve();
    for (const { name } of started) {
      expect((await operations.wait(name)).result).toBeDefined();
    }
    expect(most).toBe(1);
  });
});
