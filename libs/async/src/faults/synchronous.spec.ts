import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a process that writes, and returns what its connection said of itself after each commit. */
function write(env: Record<string, string> = {}) {
  const probe = join(folder, 'probe');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--import'],
      join(import.meta.dirname, 'sqlite-hooks.ts'),
      join(import.meta.dirname, 'processes/accept-one.ts'),
      join(folder, 'operations.db'),
    ],
    { encoding: 'utf8', env: { ...process.env, FAULT_PROBE: probe, ...env } },
  );
  const said = existsSync(probe) ? readFileSync(probe, 'utf8').trim().split('\n') : [];
  return { status, stderr, said: [...new Set(said)] };
}

/** What `PRAGMA synchronous` says where each commit is synced. */
const full = '2';

it('syncs each commit, as the connection that writes says after each', () => {
  expect(write()).toEqual({ status: 0, stderr: '', said: [full] });
});

it('notices when synchronous=NORMAL is planted after the store was opened', () => {
  const { said } = write({ FAULT_SYNCHRONOUS: 'later' });
  expect(said).toContain('1');
});

it('does not even open when synchronous=NORMAL is planted before', () => {
  const { status, stderr } = write({ FAULT_SYNCHRONOUS: 'at open' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^[^\n]*synchronous at 1 instead of 2[^\n]*\n$/);
});
