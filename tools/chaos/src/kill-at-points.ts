import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Part of the tests of `@trivium/async`, which the package does not offer to anybody. */
const script = join(import.meta.dirname, '../../../libs/async/src/faults/crash/main.ts');

/** Kills processes of the engine of operations at each of its named points; resolves with what it ended with. */
export async function killAtPoints(times: number): Promise<number> {
  const args = ['--disable-warning=ExperimentalWarning', script, String(times)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
