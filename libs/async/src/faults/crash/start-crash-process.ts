import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process with the workload, and what it says. */
export interface CrashProcess {
  readonly child: ChildProcess;
  /** The lines on its standard output so far. */
  readonly lines: readonly string[];
  /** The lines on its standard error so far. */
  readonly errors: readonly string[];
  /** Resolves once it has said a line, and rejects when it ends without. */
  said(line: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Where Node keeps what it has compiled: a process starts faster from it. */
const compileCache = join(import.meta.dirname, '../../../../../node_modules/.cache/compile');
const hooks = join(import.meta.dirname, '../sqlite-hooks.ts');
const script = join(import.meta.dirname, 'crash-process.ts');

/** Starts `crash-process.ts` with these arguments, and with the faults that the variables ask for. */
export function startCrashProcess(
  args: readonly string[],
  faults: Readonly<Record<string, string>>,
): CrashProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', hooks, script, ...args],
    {
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...faults },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const errors: string[] = [];
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  const said = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (lines.includes(wanted)) resolve();
      output.on('line', (line: string) => line === wanted && resolve());
      void ended.then(() =>
        reject(new Error(`It ended without '${wanted}': ${errors.join('\n')}`)),
      );
    });
  return { child, lines, errors, said, ended };
}
