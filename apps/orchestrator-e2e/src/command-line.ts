import { execFile, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/** The root of the workspace. */
export const workspaceRoot = resolve(import.meta.dirname, '../../..');

const hasGrpcurl = spawnSync('grpcurl', ['-version']).status === 0;
const buf = [join(workspaceRoot, 'node_modules/@bufbuild/buf/bin/buf'), 'curl'];
const plaintext = ['--protocol', 'grpc', '--http2-prior-knowledge'];

/** Calls a method, found by reflection, from the command line: by `grpcurl`, or by `buf curl` where there is none. */
export function callByHand(address: string, method: string, request: string): Promise<string> {
  const [file, args] = hasGrpcurl
    ? ['grpcurl', ['-plaintext', '-d', request, address, method]]
    : [process.execPath, [...buf, ...plaintext, '--data', request, `http://${address}/${method}`]];
  return new Promise((resolve, reject) => {
    execFile(file as string, args as string[], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr || error.message));
      else resolve(stdout);
    });
  });
}
