import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const workspaceRoot = resolve(import.meta.dirname, '../../..');
let copy: string;

/** Runs a program in the copy, on this process's Node, and shows its output when it fails. */
function run(script: string, ...args: string[]): string {
  const env = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NODE_OPTIONS: '',
    NO_COLOR: '1',
  };
  try {
    const path = join(copy, script);
    return execFileSync(process.execPath, [path, ...args], { cwd: copy, env, encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${script} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Hard links are enough, and fast, but not every `cp` and not every file system has them. */
function copyPackages(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

/** A copy of the workspace as it is now, with its installed packages linked or copied. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'trivium-new-service-'));
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
  });
  for (const path of listed.split('\0').filter(Boolean)) {
    if (!existsSync(join(workspaceRoot, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(workspaceRoot, path), join(copy, path));
  }
  copyPackages(join(workspaceRoot, 'node_modules'), join(copy, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it('scaffolds a service that passes every check unmodified', () => {
  const said = run('tools/run.mjs', 'new-service', 'loyalty');
  expect(said).toContain('apps/loyalty/src/main.ts');
  run('tools/contracts/src/main.ts', 'lint');
  run('tools/contracts/src/main.ts', 'current');
  run('tools/workspace/src/sync.ts', '--check');
  run(
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    'apps',
    'libs/contracts',
    'package.json',
    'tools',
  );
  run(
    'node_modules/eslint/bin/eslint.js',
    '--config',
    'tools/lint/eslint.config.mjs',
    'apps/loyalty',
  );
  run('node_modules/typescript/bin/tsc', '-b', 'apps/loyalty');
  run('node_modules/nx/dist/bin/nx.js', 'test', 'loyalty');
  const project = JSON.parse(
    run('node_modules/nx/dist/bin/nx.js', 'show', 'project', 'loyalty', '--json'),
  );
  expect(Object.keys(project.targets)).toEqual(expect.arrayContaining(['serve', 'test']));
}, 240_000);
