import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

/** Where Node keeps what it has compiled: a process starts faster from it. */
const compileCache = resolve(import.meta.dirname, '../../../node_modules/.cache/compile');

/** A process of the bench, which answers each message that it is sent with one. */
export interface Child {
  /** What it said first. */
  readonly greeting: unknown;
  /** Sends a message and resolves with the answer; rejects when the process ends instead. */
  ask(message: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a file below this folder as a process of its own, and resolves once it has said something. */
export async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), args, {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // The table is all that the bench prints on stdout; what a library has to say comes beside it.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const exited = once(child, 'exit');
  const answer = async () => {
    const ended = exited.then(([code, signal]) => {
      throw new Error(`${[file, ...args].join(' ')} ended with ${code ?? signal}`);
    });
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message as unknown;
  };
  return {
    greeting: await answer(),
    ask(message) {
      const answered = answer();
      child.send(message);
      return answered;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
