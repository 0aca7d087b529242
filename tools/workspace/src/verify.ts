import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { workspaceRoot } from './projects.ts';

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
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      // A daemon would outlive the command; without one, plug-ins load fastest in the same process.
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      ...process.env,
    },
  },
);

const tally = { passed: 0, failed: 0, skipped: 0 };
let line = '';
nx.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  const lines = (line + chunk).split('\n');
  line = lines.pop() ?? '';
  lines.forEach(count);
});
nx.on('close', (code) => {
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  process.exitCode = code ?? 1;
});

/** Adds up what jest says at the end of each project: `Tests: 1 failed, 2 skipped, 3 passed, 6 total`. */
function count(text: string): void {
  const plain = stripVTControlCharacters(text);
  if (!/^\s*Tests: /.test(plain)) return;
  for (const [, number, outcome] of plain.matchAll(/(\d+) (passed|failed|skipped)/g)) {
    tally[outcome as keyof typeof tally] += Number(number);
  }
}
