// Imported, not global: a test's fake clock stops timers, and a commit is none.
import { setImmediate } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { DatabaseLog } from '../database.ts';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import type {
  Commands,
  FromThread,
  InputOf,
  OutputOf,
  Replies,
  ThreadData,
  ThreadFailure,
} from './commands.ts';

/** How to open a database in a thread of its own. */
export interface DatabaseThreadOptions extends Omit<ThreadData, 'commandsUrl'> {
  /** The module (`ThreadModule`) whose commands the thread runs. */
  readonly commands: URL;
  /** Told of migrations, of a failed checkpoint and of a thread that ended. Default: nobody. */
  readonly log?: DatabaseLog;
  /** What a command rejects with, made of what went wrong. Default: that itself. */
  readonly toError?: (error: Error) => unknown;
}

/** How many commands go in one message: the thread begins with them while more are on their way. */
const commandsPerMessage = 16;

interface Waiting {
  resolve(value: never): void;
  reject(reason: unknown): void;
}

/**
 * Opens a database as `openDatabase` does, in a thread of its own, so that neither a commit's sync
 * nor another process's lock holds up the event loop. Rejects with `DatabaseUnavailable`.
 */
export async function openDatabaseThread<C extends Commands>({
  log,
  toError = (error) => error,
  commands,
  ...options
}: DatabaseThreadOptions): Promise<DatabaseThread<C>> {
  const workerData: ThreadData = { ...options, commandsUrl: commands.href };
  const worker = new Worker(new URL('./database-thread-main.ts', import.meta.url), { workerData });
  const thread = new DatabaseThread<C>({ path: options.path, worker, log, toError });
  await thread.opened;
  return thread;
}

/**
 * A database in a thread of its own, made by `openDatabaseThread`.
 *
 *     opening ──▶ open ── close() ──▶ closing (what was asked for is committed) ──▶ closed
 *     opening or open ── the thread fails ──▶ closed
 */
export class DatabaseThread<C extends Commands> {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #log: DatabaseLog | undefined;
  readonly #toError: (error: Error) => unknown;
  /** In the order in which their commands were sent, which is that of the replies. */
  readonly #waiting: Waiting[] = [];
  readonly #opening = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  /** Settles once the database is open, or cannot be. */
  readonly opened: Promise<void> = this.#opening.promise;
  #queue: unknown[] = [];
  #closed: DatabaseUnavailable | undefined;

  constructor(options: {
    path: string;
    worker: Worker;
    log: DatabaseLog | undefined;
    toError: (error: Error) => unknown;
  }) {
    this.#path = options.path;
    this.#worker = options.worker;
    this.#log = options.log;
    this.#toError = options.toError;
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(undefined));
  }

  /**
   * Runs a command in a transaction and resolves with its result once that is on disk. Commands take
   * effect in the order of the calls; those that arrive while others are run share their commit, and
   * all that arrive during a commit share the next one. A command that throws is undone alone. After `close()`, and
   * while the disk fails, it rejects with `DatabaseUnavailable`, or what `toError` makes of it.
   */
  run<Name extends keyof C & string>(
    name: Name,
    input: InputOf<C[Name]>,
  ): Promise<OutputOf<C[Name]>> {
    if (this.#closed) return Promise.reject(this.#toError(this.#closed) as Error);
    const waiting = Promise.withResolvers<OutputOf<C[Name]>>();
    // A process does not end while something waits to be acknowledged.
    if (this.#waiting.length === 0) this.#worker.ref();
    this.#waiting.push(waiting);
    const queued = this.#queue.push(name, input);
    if (queued === 2) setImmediate(() => this.#send());
    else if (queued >= 2 * commandsPerMessage) this.#send();
    return waiting.promise;
  }

  /** Ends the thread once all that was asked for is on disk. Closing again changes nothing. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#send();
      this.#closed = new DatabaseUnavailable(
        this.#path,
        'it has been closed; open it again to use it',
      );
      this.#worker.ref();
      this.#worker.postMessage(null);
    }
    await this.#exited.promise;
  }

  #send(): void {
    if (this.#queue.length === 0) return;
    this.#worker.postMessage(this.#queue);
    this.#queue = [];
  }

  #hear(message: FromThread): void {
    if ('results' in message) {
      this.#settle(message);
    } else if ('opened' in message) {
      this.#worker.unref();
      this.#opening.resolve();
    } else if ('failed' in message) {
      this.#opening.reject(this.#errorOf(message.failed));
    } else if ('level' in message) {
      // Node tells on the same port which files the thread has loaded, when it watches them.
      this.#log?.[message.level](message.fields, message.message);
    }
  }

  #settle({ results, failures }: Replies): void {
    const settled = this.#waiting.splice(0, results.length);
    for (const [index, failure] of failures) {
      settled[index]!.reject(this.#toError(this.#errorOf(failure)));
    }
    // What was rejected stays so.
    for (const [index, { resolve }] of settled.entries()) resolve(results[index] as never);
    if (this.#waiting.length === 0 && !this.#closed) this.#worker.unref();
  }

  /** The thread is no more: nobody is told of what was not acknowledged. */
  #end(cause: unknown): void {
    const error = new DatabaseUnavailable(
      this.#path,
      'its thread has ended; start the process anew',
      {
        cause,
      },
    );
    if (cause) this.#log?.warn({ err: cause, path: this.#path }, 'the thread of a database failed');
    this.#closed ??= error;
    this.#opening.reject(error);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#toError(this.#closed));
    this.#exited.resolve();
  }

  #errorOf({ isUnavailable, isDamaged, message, stack }: ThreadFailure): Error {
    const cause = Object.assign(new Error(message), { stack });
    return isUnavailable
      ? new DatabaseUnavailable(this.#path, message, { cause, isDamaged })
      : cause;
  }
}
