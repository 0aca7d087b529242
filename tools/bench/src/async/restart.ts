import { join } from 'node:path';
import { startChild } from '../child.ts';
import type { Figure } from '../figure.ts';
import { Samples } from '../figure.ts';
import type { BenchContext } from './bench-context.ts';
import type { OwnerCommand } from './recovery/recovery-messages.ts';

/** Until they are under way again, from the start of the next process on. */
export const RESTART_FIGURE = 'pending operations under way after a restart, s';

/** Kills the process of many pending operations, and starts the next one. */
export async function measureRestart(context: BenchContext): Promise<Figure[]> {
  const { rounds, say, sizes } = context;
  const operations = sizes.pending;
  const samples = new Samples();
  for (let round = 1; round <= rounds; round++) {
    say(`${operations} pending operations and a kill: round ${round} of ${rounds}`);
    const path = join(context.newFolder(), 'operations.db');
    await killed(path, { what: 'fill', operations });
    const began = performance.now();
    await killed(path, { what: 'resume', operations }, () =>
      samples.add(RESTART_FIGURE, (performance.now() - began) / 1000),
    );
  }
  return samples.figures();
}

/** Starts an owner, tells it something, and kills it once that has come true. */
async function killed(path: string, command: OwnerCommand, whenTrue?: () => void): Promise<void> {
  const owner = await startChild('async/recovery/owner-process.ts', [path]);
  let pid: number | undefined;
  try {
    pid = (await owner.ask(command)) as number;
    whenTrue?.();
  } finally {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await owner.stop();
  }
}
