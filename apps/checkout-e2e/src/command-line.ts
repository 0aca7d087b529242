import { execFile, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/** The root of the workspace. */
export const workspaceRoot = resolve(import.meta.dirname, '../../..');

/** What a program came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that calls gRPC methods from the command line, as a user would. */
export interface CommandLine {
  readonly name: string;
  /** Lists the services at an address, found by reflection. */
  list(address: string): Promise<Outcome>;
  /** Calls a method, found by reflection, with a request in JSON. */
  call(address: string, method: string, request: string): Promise<Outcome>;
}

function run(file: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 30_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

const grpcurl: CommandLine = {
  name: 'grpcurl',
  list: (address) => run('grpcurl', ['-plaintext', address, 'list']),
  call: (address, method, request) =>
    run('grpcurl', ['-plaintext', '-d', request, address, method]),
};

const buf = (...args: string[]): Promise<Outcome> =>
  run(process.execPath, [
    join(workspaceRoot, 'node_modules/@bufbuild/buf/bin/buf'),
    'curl',
    ...args,
  ]);
const plaintext = ['--protocol', 'grpc', '--http2-prior-knowledge'];

const bufCurl: CommandLine = {
  name: 'buf curl',
  list: (address) => buf(...plaintext, '--list-services', `http://${address}`),
  call: (address, method, request) =>
    buf(...plaintext, '--data', request, `http://${address}/${method}`),
};

/** Every such program on this machine: `buf curl`, which the workspace brings, and `grpcurl` when it is on the PATH. */
export const commandLines: readonly CommandLine[] =
  spawnSync('grpcurl', ['-version']).status === 0 ? [bufCurl, grpcurl] : [bufCurl];
