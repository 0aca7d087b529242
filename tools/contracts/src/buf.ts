import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeModules, protoFolder } from './paths.ts';

/**
 * Runs buf in the contracts' folder and returns what it printed on standard output.
 *
 * Code generators that are written in JavaScript run on this process's Node, whatever the PATH says first.
 */
export function buf(...args: string[]): Buffer {
  return execFileSync(process.execPath, [join(nodeModules, '@bufbuild/buf/bin/buf'), ...args], {
    cwd: protoFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
