import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const chaos = (...args: string[]) =>
  spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'main.ts'), ...args],
    { encoding: 'utf8' },
  );

it('explains itself', () => {
  const { status, stdout } = chaos('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--seed S');
});

it('ends with 2 and one line when the run cannot be made', () => {
  const { status, stderr } = chaos('--orders', 'none');
  expect(status).toBe(2);
  expect(stderr).toBe("--orders must be a whole number from 1 to 5000, not 'none'.\n");
});
