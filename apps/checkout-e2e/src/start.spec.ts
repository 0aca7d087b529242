import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPorts } from '@trivium/shop';
import { workspaceRoot } from './command-line.ts';

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-start-'));
});
afterEach(() => {
  running.forEach((child) => child.kill());
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs what `npm start` runs, on a data folder of its own. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(workspaceRoot, 'tools/run.mjs'), 'start', ...args], {
    cwd: workspaceRoot,
    env: { ...process.env, DATA_DIR: folder, ...env },
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return { child, output, ended: once(child, 'close').then(([code]) => code as number) };
}

const until = (child: ChildProcess, output: { stdout: string }, text: string) =>
  new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => output.stdout.includes(text) && resolve());
    child.on('close', () => reject(new Error(`ended before "${text}"`)));
  });

it('makes the three kinds of call, draws them, and ends with 0', async () => {
  const { output, ended } = start(['--once', '--free-ports']);
  expect([await ended, output.stderr]).toEqual([0, '']);
  for (const part of [
    'SYNC',
    'PARALLEL',
    'ASYNC',
    'SIDE BY SIDE',
    'COMPLETED',
    'grpcurl -plaintext',
  ]) {
    expect(output.stdout).toContain(part);
  }
  expect(output.stdout).toMatch(
    /rates\[swift\].*█.*after (products and carriers|carriers and products)/,
  );
});

it('ends on Ctrl-C and leaves no process behind', async () => {
  const { child, output, ended } = start(['--free-ports']);
  await until(child, output, 'Ctrl-C ends it');
  const addresses = [...output.stdout.matchAll(/SERVING on 127\.0\.0\.1:(\d+)/g)].map(
    ([, port]) => port,
  );
  expect(addresses).toHaveLength(6);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  // Nothing listens any longer: each port can be taken.
  for (const port of addresses) {
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

it('says which port is in use, and leaves nothing half started', async () => {
  const server = createServer().listen(defaultPorts.payments, '127.0.0.1');
  // Should something else listen there already, the port is in use all the same.
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => undefined);
  const { output, ended } = start(['--once']);
  expect(await ended).toBe(1);
  expect(output.stderr.trim().split('\n')).toEqual([
    expect.stringContaining(String(defaultPorts.payments)),
  ]);
  server.close();
});

it('says that the data folder cannot be used', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { output, ended } = start(['--once', '--free-ports'], { DATA_DIR: join(folder, 'file') });
  expect(await ended).toBe(1);
  expect(output.stderr.trim().split('\n')).toEqual([expect.stringContaining(join(folder, 'file'))]);
});

it('says which argument it does not know', async () => {
  const { output, ended } = start(['--onse']);
  expect(await ended).toBe(1);
  expect(output.stderr.trim()).toBe(
    'Unknown argument --onse. Known are --once, --free-ports, --help.',
  );
});
