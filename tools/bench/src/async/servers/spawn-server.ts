import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that serves until it is told to end. */
export interface SpawnedServer {
  stop(): Promise<void>;
}

/** How a server is started, and how one sees that it is up. */
export interface SpawnServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Where its `server.log` goes, and where it runs. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The user that it runs as; this one by default. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** How it is told to end; SIGTERM by default. */
  readonly endWith?: NodeJS.Signals;
  /** Resolves when it can be used; rejects as long as it cannot. */
  readonly probe: () => Promise<unknown>;
}

const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 10_000;
const POLL_MS = 100;

/** Starts a program and resolves once it can be used; an Error with what it logged when that never is. */
export async function spawnServer(options: SpawnServerOptions): Promise<SpawnedServer> {
  const { command, args, folder, env, user, endWith = 'SIGTERM', probe } = options;
  const logPath = join(folder, 'server.log');
  const log = openSync(logPath, 'a');
  const spawnOptions: SpawnOptions = {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    ...user,
  };
  const child = spawn(command, args, spawnOptions);
  closeSync(log);
  let hasEnded = false;
  const ended = once(child, 'exit').then(
    () => (hasEnded = true),
    // It could not even be started; the failure is told below, with what it logged.
    () => (hasEnded = true),
  );
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const failure = await probe().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) break;
    if (hasEnded || Date.now() > until) {
      await stop();
      const logged = readFileSync(logPath, 'utf8').slice(-2_000);
      throw new Error(`${command} does not start:\n${logged}`, { cause: failure });
    }
    await delay(POLL_MS);
  }
  return { stop };

  async function stop(): Promise<void> {
    if (hasEnded) return;
    child.kill(endWith);
    const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}
