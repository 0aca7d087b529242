import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { createLogger } from '@trivium/rpc';
import { createOperations } from '../engine/create-operations.ts';
import { Wakeups } from '../engine/wakeups.ts';
import { openOperationStore } from '../store/sqlite/open-operation-store.ts';
import { must } from './checks/must.ts';

/** How long a wake-up that is lost is waited for; one that comes takes no time. */
const patienceMs = 1_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-wakeup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every commit of a run wakes those who watch it: they need not look by themselves. */
async function watchersAreWoken(): Promise<void> {
  const store = await openOperationStore({ path: join(folder, 'operations.db') });
  let goOn = Promise.withResolvers<void>();
  let isOver = false;
  const operations = createOperations({
    store,
    log: createLogger({ name: 'wakeup', level: 'silent' }),
    // Else what was not told would be found after a while.
    pollMs: 3_600_000,
    kinds: {
      told: async (operation) => {
        for (const kind of ['one', 'two', 'three']) {
          if (!isOver) await goOn.promise;
          goOn = Promise.withResolvers();
          await operation.emit({ kind, description: '' });
        }
        return Any.create();
      },
    },
  });
  try {
    const { name } = await operations.start({
      ...{ kind: 'told', requestId: 'r', request: Buffer.from('r') },
    });
    const watcher = operations.events(name)[Symbol.asyncIterator]();
    for (const kind of ['ACCEPTED', 'one', 'two', 'three', 'SUCCEEDED']) {
      const next = await withinPatience(watcher.next());
      must(next?.value?.kind === kind, `${kind} was committed, and the watcher was not woken`);
      goOn.resolve();
    }
  } finally {
    isOver = true;
    goOn.resolve();
    await operations.close();
    await store.close();
  }
}

async function withinPatience<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

it('wakes those who watch with every commit', watchersAreWoken);

it('a check notices when a wake-up is lost', async () => {
  const { ring } = Wakeups.prototype;
  let rings = 0;
  Wakeups.prototype.ring = function (id) {
    rings += 1;
    if (rings % 2 !== 0) ring.call(this, id);
  };
  try {
    await expect(watchersAreWoken()).rejects.toThrow(
      /was committed, and the watcher was not woken/,
    );
  } finally {
    Wakeups.prototype.ring = ring;
  }
});
