import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServiceName } from './service-name.ts';
import { serviceFiles } from './service-files.ts';

/**
 * Writes a service's files, links its package into the workspace, and makes anew what is derived: generated code and
 * project references. Returns the paths that were written, relative to `root`.
 */
export function createService(name: ServiceName, root: string): string[] {
  const files = serviceFiles(name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  npm(root, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
  const node = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  node('tools/contracts/src/main.ts', 'generate');
  node('tools/workspace/src/sync.ts');
  node('node_modules/prettier/bin/prettier.cjs', '--write', `apps/${name.lower}`);
  return Object.keys(files);
}

/** npm tells its own path to the scripts that it runs; without it, it is on the PATH. */
function npm(root: string, ...args: string[]): void {
  const path = process.env.npm_execpath;
  const [file, before] = path ? [process.execPath, [path]] : ['npm', []];
  execFileSync(file, [...before, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
