import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';
import type { DiskFault } from '../sqlite-disk.ts';
import { crashViolations } from './crash-check.ts';
import { openDiary } from './diary.ts';
import { startCrashProcess } from './start-crash-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the workload in a process whose disk fails for a while. */
async function runOn(fault: DiskFault, from: number, howMany: number) {
  const [path, diaryPath] = [join(folder, 'operations.db'), join(folder, 'diary')];
  const { ended, lines, errors } = startCrashProcess([path, diaryPath, '1'], {
    ...{ FAULT_DISK: fault, FAULT_FROM: String(from), FAULT_FOR: String(howMany) },
  });
  const { code } = await ended;
  const entries = openDiary(diaryPath).read();
  const store = await openOperationStore({ path });
  const violations = await crashViolations(store, entries);
  const found = await store.list({ filter: {}, limit: 100 });
  await store.close();
  return { code, errors, lines, violations, found: found.length };
}

describe.each<[DiskFault, RegExp]>([
  ['full', /disk is full/],
  ['write', /disk failed/],
  ['sync', /disk failed/],
])('a disk that fails (%s)', (fault, reason) => {
  it.each([7, 10, 13])(
    'from transaction %i on lets nothing be lost, says so, and all goes on once it works again',
    async (from) => {
      const { code, errors, lines, violations, found } = await runOn(fault, from, 8);
      expect({ code, errors, violations }).toEqual({ code: 0, errors: [], violations: [] });
      // Twelve were handed in, and one was deleted.
      expect(found).toBe(11);
      expect(lines.join('\n')).toMatch(reason);
    },
    30_000,
  );
});
