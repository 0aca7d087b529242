import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';
import { crashViolations } from './crash-check.ts';
import { openCrashEngine } from './crash-engine.ts';
import type { NamedPoint } from './crash-points.ts';
import { openDiary } from './diary.ts';
import { startCrashProcess } from './start-crash-process.ts';

/** What came of killing processes at one point. */
export interface CrashRun {
  /** How many processes were killed there. */
  readonly kills: number;
  /** How many operations were acknowledged in all. */
  readonly acknowledged: number;
  /** What does not hold that has to, one line each. */
  readonly violations: readonly string[];
}

/** How to make a run. */
export interface CrashRunOptions {
  readonly named: NamedPoint;
  /** How many processes to kill, one after the other on the same store. */
  readonly times: number;
  /** A planted bug, by its name. */
  readonly bug?: string;
}

/**
 * Kills so many processes at a point, each at another passage of it and each on what the one before has left, then goes
 * on with that in this process until all has ended, and compares.
 */
export async function crashAt({ named, times, bug }: CrashRunOptions): Promise<CrashRun> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-crash-'));
  const [path, diaryPath] = [join(folder, 'operations.db'), join(folder, 'diary')];
  try {
    let kills = 0;
    if (named.needsLeftovers) {
      const args = [path, diaryPath, '0'];
      await isKilled({ named: { point: 'in a repeatable step', passages: 1 }, passage: 1, args });
    }
    for (let round = 1; round <= times; round++) {
      const passage = 1 + ((round * 7) % named.passages);
      const args = [path, diaryPath, String(round)];
      const again = [path, diaryPath, `${round}b`];
      if (await isKilled({ named, passage, args, bug })) kills += 1;
      // A process may come there less often than the one before it: then the first passage has to do.
      else if (await isKilled({ named, passage: 1, args: again, bug })) kills += 1;
    }
    const diary = openDiary(diaryPath);
    const store = await openOperationStore({ path });
    const engine = openCrashEngine({ store, diary });
    await engine.run([]);
    await engine.close();
    const entries = diary.read();
    const violations = await crashViolations(store, entries);
    await store.close();
    const acknowledged = entries.filter(({ entry }) => entry === 'acknowledged').length;
    return { kills, acknowledged, violations };
  } catch (error) {
    if (!(error instanceof ProcessFailed)) throw error;
    return { kills: 0, acknowledged: 0, violations: [error.message] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that was to be killed failed by itself, with what it said. */
class ProcessFailed extends Error {
  override readonly name = 'ProcessFailed';
}

/** Runs a process that is to be killed at a point; false when it ended without having come there. */
async function isKilled(options: {
  readonly named: NamedPoint;
  readonly passage: number;
  readonly args: readonly string[];
  readonly bug?: string | undefined;
}): Promise<boolean> {
  const { named, passage, args, bug = '' } = options;
  const { ended, errors } = startCrashProcess(args, {
    ...{ FAULT_POINT: named.point, FAULT_PASSAGE: String(passage), FAULT_BUG: bug },
  });
  const { code, signal } = await ended;
  if (signal === 'SIGKILL') return true;
  if (code !== 0) {
    throw new ProcessFailed(`a process failed before '${named.point}': ${errors.join('\n')}`);
  }
  return false;
}
