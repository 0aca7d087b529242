import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';
import { StoreUnavailable } from '../../store/store-errors.ts';
import { type Strike, faultyStore } from '../faulty-store.ts';
import { crashViolations } from './crash-check.ts';
import { openCrashEngine } from './crash-engine.ts';
import { openDiary } from './diary.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-answers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writes = /(accept|claim|renew|release|record .*|requestCancel|remove|sweep)$/;

/** Fails one write in so many, from the first acceptance on, until so many have failed. */
function failing({ oneIn, offset, howOften }: Record<'oneIn' | 'offset' | 'howOften', number>) {
  let hasBegun = false;
  let passed = offset;
  let failed = 0;
  const strike: Strike = (point) => {
    hasBegun ||= point === 'before accept';
    if (!hasBegun || !writes.test(point)) return;
    passed += 1;
    if (passed % oneIn !== 0 || failed >= howOften) return;
    failed += 1;
    throw new StoreUnavailable(`a planted failure ${point}`);
  };
  return { strike, failures: () => failed };
}

it.each([0, 1, 2, 3, 4, 5, 6])(
  'loses nothing and repeats nothing when writes fail, or are made and their answers lost (%i)',
  async (offset) => {
    const store = await openOperationStore({ path: join(folder, 'operations.db') });
    const diary = openDiary(join(folder, 'diary'));
    const { strike, failures } = failing({ oneIn: 7, offset, howOften: 25 });
    const engine = openCrashEngine({ store: faultyStore(store, strike), diary });
    await engine.run(Array.from({ length: 16 }, (_, index) => `r${index}`));
    await engine.close();
    expect(await crashViolations(store, diary.read())).toEqual([]);
    expect(failures()).toBeGreaterThan(5);
    await store.close();
  },
  60_000,
);
