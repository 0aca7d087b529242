/**
 * What every npm script goes through: installs what is missing, finds a Node that runs TypeScript, runs the command.
 *
 * It needs no package and runs on any Node from 20 on, because on a fresh clone there is nothing else.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...path) => join(root, ...path);

/** Each command: the script that it runs, and the arguments that come before the caller's. */
const commands = {
  start: ['tools/tour/src/main.ts'],
  verify: ['tools/workspace/src/verify.ts'],
  generate: ['tools/contracts/src/main.ts', 'generate'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--write', '.'],
  'new-service': ['tools/new-service/src/main.ts'],
  bench: ['tools/bench/src/main.ts'],
  ops: ['tools/ops/src/main.ts'],
  chaos: ['tools/chaos/src/main.ts'],
  plan: ['tools/plan/src/main.ts'],
};

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (!command) fail(`Usage: node tools/run.mjs ${Object.keys(commands).join(' | ')}`);

installWhatIsMissing();
run(findNode(), command);

function installWhatIsMissing() {
  if (isInstalled()) return;
  console.error('Installing what is missing (npm ci); once, about half a minute …');
  // npm tells its own path to the scripts that it runs; without it, it is on the PATH.
  const npm = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const [file, ...before] = npm;
  const { status, error } = spawnSync(file, [...before, 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && before.length === 0,
  });
  if (status !== 0)
    fail(`npm ci failed${error ? `: ${error.message}` : ''}. See its output above.`);
}

/** Whether every package of the lock file is there in its version; those for other platforms need not be. */
function isInstalled() {
  const record = inRoot('node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(inRoot('package-lock.json'))).every(
    ([path, { version, link, optional, peer }]) =>
      !path.includes('node_modules/') || optional || peer || link
        ? !link || existsSync(inRoot(path))
        : installed[path]?.version === version,
  );
}

function findNode() {
  if (runsTypeScript(process.versions.node)) return process.execPath;
  const bundled = inRoot('node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(bundled)) return bundled;
  return fail(
    `Node 24.12 or newer is needed; this is ${process.versions.node}, and there is no package with a newer one for ` +
      `${process.platform}-${process.arch}. Install Node 24 and try again.`,
  );
}

function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 12);
}

function run(node, [script, ...before]) {
  if (!existsSync(inRoot(script))) fail(`${script} is missing: this clone is not whole.`);
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', inRoot(script), ...before, ...args],
    { cwd: root, stdio: 'inherit' },
  );
  // A terminal sends Ctrl-C to the whole group, other processes to this one alone. So a command may hear of it twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(line) {
  console.error(line);
  process.exit(1);
}
