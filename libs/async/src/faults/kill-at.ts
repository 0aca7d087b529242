import { writeSync } from 'node:fs';

/** A place inside a transaction of the thread that writes. */
export type SqlitePoint =
  'before a transaction' | 'in a transaction' | 'before a commit' | 'after a commit';

/** What a process says on its standard output right before it stops itself. */
export const stoppingLine = 'stopping';

/**
 * Tells of the passage of a point. At the passage that the environment asks for (`FAULT_POINT`, `FAULT_PASSAGE`) the
 * process ends with SIGKILL, as if somebody had pulled it away; with `FAULT_SIGNAL=SIGSTOP` it says so and stands still
 * until somebody lets it go on: as soon as `isIdle`, for one that stood still with the lock of the file would hold up all
 * others, and not be stale.
 */
export function killAt(isIdle = () => true): (point: string) => void | Promise<void> {
  const { FAULT_POINT: point, FAULT_PASSAGE: passage = '1', FAULT_SIGNAL: signal } = process.env;
  let left = Number(passage);
  return (passed) => {
    if (passed !== point || (left -= 1) !== 0) return;
    if (signal === 'SIGSTOP') {
      return stopWhen(isIdle);
    }
    process.kill(process.pid, 'SIGKILL');
    // In a thread the signal may take a moment, in which nothing more must happen.
    for (;;);
  };
}

async function stopWhen(isIdle: () => boolean): Promise<void> {
  while (!isIdle()) await new Promise((resolve) => setImmediate(resolve));
  writeSync(1, `${stoppingLine}\n`);
  process.kill(process.pid, 'SIGSTOP');
}
