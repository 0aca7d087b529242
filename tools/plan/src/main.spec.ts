import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

function plan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('prints its help, without colours where there is no terminal', () => {
  const { status, stdout, stderr } = plan('--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Usage: npm run plan -- check \| draw \| run FILE/);
  expect(stdout).not.toContain('\u001b[');
});

it('ends with 2 and a line for who wrote what it does not know', () => {
  expect(plan('paint', 'a.yaml')).toEqual({
    ...{ status: 2, stdout: '' },
    stderr: 'Say what to do: check, draw, run; not paint\nnpm run plan -- --help tells more.\n',
  });
});
