import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { descriptorSetOf } from '../backend/descriptor-set.ts';

/** A gRPC service of another implementation, in a process of its own. */
export interface ForeignServer {
  /** Which implementation it is. */
  readonly implementation: string;
  readonly address: string;
  stop(): Promise<void>;
}

const here = import.meta.dirname;

/** What runs, the first that can: nothing is downloaded for it. */
const implementations: readonly {
  name: string;
  command: (folder: string) => string[] | undefined;
}[] = [
  {
    name: 'grpcio in Python',
    command: () =>
      succeeds('python3', ['-c', 'import grpc, grpc_reflection.v1alpha.reflection'])
        ? ['python3', join(here, 'server.py')]
        : undefined,
  },
  {
    name: 'grpc-go',
    command(folder) {
      cpSync(join(here, 'go'), folder, { recursive: true });
      const program = join(folder, 'foreign');
      const env = { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
      return succeeds('go', ['build', '-o', program, '.'], { cwd: folder, env })
        ? [program]
        : undefined;
    },
  },
  { name: 'plain grpc-js', command: () => [process.execPath, join(here, 'server.mjs')] },
];

/** Starts the weather service in the first implementation that this machine has. */
export async function startForeignServer(): Promise<ForeignServer> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-foreign-'));
  const set = join(folder, 'weather.binpb');
  writeFileSync(set, descriptorSetOf(join(here, 'weather.proto')));
  for (const { name: implementation, command } of implementations) {
    const words = command(folder);
    if (!words) continue;
    const child = spawn(words[0]!, [...words.slice(1), set, '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await listening(child, implementation);
    return {
      implementation,
      address,
      async stop() {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  throw new Error('Plain grpc-js can always be started');
}

function succeeds(command: string, args: string[], options: object = {}): boolean {
  return spawnSync(command, args, { ...options, stdio: 'ignore', timeout: 180_000 }).status === 0;
}

async function listening(child: ChildProcess, implementation: string): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /^listening (\S+)$/.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error(`${implementation} ended before it listened`);
}
