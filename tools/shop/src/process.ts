import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { AppName } from './services.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');

/** Where Node keeps what it has compiled: a service starts faster from it, and some 20 MB smaller. */
const compileCache = join(workspaceRoot, 'node_modules/.cache/compile');

/** How to start a service. */
export interface ProcessOptions {
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line that the service prints, on either stream. */
  readonly onLine?: (line: string) => void;
  /** Aborting it before the service listens ends the process. */
  readonly signal?: AbortSignal;
}

/** A service that runs in a process of its own and listens. */
export interface ServiceProcess {
  readonly name: AppName;
  /** Where it listens, as `host:port`. */
  readonly address: string;
  readonly pid: number;
  /** The last lines that it printed, at most 1000. */
  readonly lines: readonly string[];
  /** Settles when the process has ended, however it did. */
  readonly ended: Promise<void>;
  /** Lets it drain, and kills it if it has not ended after 5 seconds. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** A service ended before it listened. The message is what it printed on standard error. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** How long a service may take to drain before it is killed, in milliseconds. */
const stopTimeoutMs = 5_000;
/** How many lines of output are kept. */
const keptLines = 1_000;

/**
 * Starts a service from its sources and waits until it listens.
 *
 * The process leads a group of its own, so that a Ctrl-C in the terminal reaches only who started it; it ends by itself
 * when that one is gone, because the channel between them closes.
 *
 * @throws ProcessEnded when it ends before it listens.
 */
export async function startProcess(
  name: AppName,
  { env, onLine, signal }: ProcessOptions = {},
): Promise<ServiceProcess> {
  signal?.throwIfAborted();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join('apps', name, 'src/main.ts')],
    {
      cwd: workspaceRoot,
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    },
  );
  const lines: string[] = [];
  const errorLines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    onLine?.(line);
  };
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', keep);
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    errorLines.push(line);
    keep(line);
  });
  const ended = once(child, 'close').then(() => undefined);
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  };
  const onAbort = () => void stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const address = await listening(
      child,
      ended,
      () => errorLines.join('\n') || `${name} ended early`,
    );
    return { name, address, pid: child.pid as number, lines, ended, kill, stop };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function listening(
  child: ChildProcess,
  ended: Promise<void>,
  reason: () => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: { type?: string; address?: string }) => {
      if (message.type === 'listening' && message.address) resolve(message.address);
    });
    child.on('error', (error) => reject(new ProcessEnded(error.message, { cause: error })));
    void ended.then(() => reject(new ProcessEnded(reason())));
  });
}
