import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { workspaceRoot } from './projects.ts';
import { Report } from './report.ts';

/**
 * Everything that CI runs, in one command: Nx runs each check whose inputs have changed and shows the recorded output
 * of the others. Arguments are passed on to Nx, for example `npm test -- --skip-nx-cache`.
 */
const checks = [
  'buf-lint',
  'buf-breaking',
  'current',
  'references',
  'format',
  'lint',
  'typecheck',
  'test',
  'e2e',
];

const known = ['--skip-nx-cache', '--verbose', '--help'];
const args = process.argv.slice(2);
const unknown = args.filter((arg) => !known.includes(arg));
if (unknown.length > 0 || args.includes('--help')) {
  const usage = `Usage: npm test -- [--skip-nx-cache] [--verbose]`;
  if (unknown.length > 0) console.error(`Unknown argument ${unknown.join(' ')}. ${usage}`);
  else console.log(`${usage}\nRuns ${checks.join(', ')} of every project.`);
  process.exit(unknown.length > 0 ? 1 : 0);
}

const nx = spawn(
  process.execPath,
  [
    join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js'),
    'run-many',
    '--targets',
    checks.join(','),
    '--parallel=2',
    '--outputStyle=static',
    ...args,
  ],
  {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      // A daemon would outlive the command; without one, plug-ins load fastest in the same process.
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...process.env,
    },
  },
);

const report = new Report();
// Nx says on stderr what failed.
for (const [from, to] of [
  [nx.stdout, process.stdout],
  [nx.stderr, process.stderr],
] as const) {
  createInterface({ input: from }).on('line', (line) => {
    to.write(`${line}\n`);
    report.take(line);
  });
}
nx.on('close', (code) => {
  for (const failure of report.failures()) console.log(`\n${failure}`);
  const { passed, failed, skipped } = report.tally;
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = code ?? 1;
});
