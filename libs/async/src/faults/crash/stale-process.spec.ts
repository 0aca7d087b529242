import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';
import { stoppingLine } from '../kill-at.ts';
import { crashViolations } from './crash-check.ts';
import { openCrashEngine } from './crash-engine.ts';
import type { CrashPoint } from './crash-points.ts';
import { openDiary } from './diary.ts';
import { type CrashProcess, startCrashProcess } from './start-crash-process.ts';

let folder: string;
let stale: CrashProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-stale-'));
});
afterEach(async () => {
  stale?.child.kill('SIGKILL');
  await stale?.ended;
  rmSync(folder, { recursive: true, force: true });
});

it.each<CrashPoint>([
  'before accept',
  'after accept',
  'in a repeatable step',
  'before record step outcome',
  'after record step outcome',
  'before record step start',
  'before record result',
  'after record result',
  'before requestCancel',
])(
  'a process that stands still %s, and wakes when all was taken over, changes nothing any more',
  async (point) => {
    const [path, diaryPath] = [join(folder, 'operations.db'), join(folder, 'diary')];
    const faults = { FAULT_POINT: point, FAULT_PASSAGE: '2', FAULT_SIGNAL: 'SIGSTOP' };
    stale = startCrashProcess([path, diaryPath, '1'], faults);
    await stale.said(stoppingLine);

    const diary = openDiary(diaryPath);
    const store = await openOperationStore({ path });
    const engine = openCrashEngine({ store, diary });
    await engine.run(['heir-0', 'heir-1']);
    const before = await readAll(store);

    stale.child.kill('SIGCONT');
    expect(await stale.ended).toEqual({ code: 0, signal: null });
    const after = await readAll(store);
    // What the stale process starts only then is its own; one of its operations it deletes on purpose.
    for (const [id, events] of before) if (after.has(id)) expect(after.get(id)).toEqual(events);
    expect(await crashViolations(store, diary.read())).toEqual([]);
    await engine.close();
    await store.close();
  },
  60_000,
);

async function readAll(store: Awaited<ReturnType<typeof openOperationStore>>) {
  const all = new Map<string, unknown>();
  for (const { id } of await store.list({ filter: {}, limit: 1_000 })) {
    all.set(id, await store.events(id, { after: 0, limit: 1_000 }));
  }
  return all;
}
