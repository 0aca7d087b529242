import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments, usage, UsageError } from './arguments.ts';
import { execute } from './execute.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');
const stopped = new AbortController();
// npm and the terminal may both pass a Ctrl-C on; the second one changes nothing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort());
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args)
    process.exitCode = await execute(args, {
      folder: process.env.INIT_CWD ?? process.cwd(),
      defaultServices: join(workspaceRoot, 'apps/orchestrator/services.yaml'),
      signal: stopped.signal,
      terminal: {
        print: (line) => console.log(line),
        note: (line) => console.error(line),
        columns: process.stdout.columns ?? 120,
        colours: process.stdout.hasColors?.() ?? false,
        writeFile,
      },
    });
  else console.log(usage);
  if (stopped.signal.aborted) process.exitCode = 130;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\nnpm run plan -- --help tells more.`);
  process.exitCode = 2;
}
