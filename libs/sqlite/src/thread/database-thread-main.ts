import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Database, DatabaseLog } from '../database.ts';
import { DatabaseUnavailable, databaseUnavailable, sqliteCode } from '../database-unavailable.ts';
import { openDatabase } from '../open-database.ts';
import type { Sql } from '../sql.ts';
import type {
  FromThread,
  Replies,
  ThreadData,
  ThreadFailure,
  ThreadModule,
  ToThread,
} from './commands.ts';
import { releaseStartMemory } from './release-start-memory.ts';

const port = parentPort!;
const { commandsUrl, ...options } = workerData as ThreadData;
const tell = (message: FromThread): void => port.postMessage(message);
const log: DatabaseLog = {
  info: (fields, message) => tell({ level: 'info', fields: { ...fields }, message }),
  warn: (fields, message) => tell({ level: 'warn', fields: { ...fields }, message }),
};

const constraintFailed = 19;

function failureOf(caught: unknown): ThreadFailure {
  const code = sqliteCode(caught);
  const isOfDisk = code !== undefined && code !== constraintFailed;
  const error = isOfDisk ? databaseUnavailable(options.path, caught) : caught;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof DatabaseUnavailable)) {
    return { isUnavailable: false, isDamaged: false, message, stack };
  }
  return { isUnavailable: true, isDamaged: error.isDamaged, message: error.reason, stack };
}

async function open(): Promise<Database | undefined> {
  try {
    const module = (await import(commandsUrl)) as ThreadModule;
    const database = openDatabase({ ...options, migrations: module.migrations, log });
    serve(database, module);
    tell({ opened: true });
    return database;
  } catch (error) {
    tell({ failed: failureOf(error) });
    port.close();
    return undefined;
  }
}

type RunCommand = (sql: Sql, input: unknown) => unknown;

// A commit costs its one sync whatever it holds; more than this only delays the first in line.
const commandsPerCommit = 256;

/** Commands that are there together share a commit, those that arrive meanwhile too, and their replies a message. */
function serve(database: Database, { commands, begin }: ThreadModule): void {
  let queue: unknown[] = [];
  let at = 0;
  let isClosing = false;
  const take = (message: ToThread): void => {
    if (message === null) isClosing = true;
    else if (at === queue.length) [queue, at] = [message as unknown[], 0];
    else queue.push(...message);
  };
  const takeAll = (): void => {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) {
      take(more.message as ToThread);
    }
  };
  const next = (): ((sql: Sql) => unknown) | undefined => {
    if (at === queue.length) takeAll();
    if (at === queue.length) return undefined;
    const command = commands[queue[at] as string] as RunCommand;
    const input = queue[at + 1];
    at += 2;
    return (sql) => command(sql, input);
  };
  port.on('message', (message: ToThread) => {
    take(message);
    while (at < queue.length) {
      let left = commandsPerCommit;
      const nextOfCommit = (): ReturnType<typeof next> => (left-- > 0 ? next() : undefined);
      tell(repliesOf(database.writeNow(nextOfCommit, begin)));
      if (at === queue.length) takeAll();
    }
    if (isClosing) void database.close().finally(() => port.close());
  });
}

function repliesOf(outcomes: readonly PromiseSettledResult<unknown>[]): Replies {
  const results: unknown[] = [];
  const failures: [number, ThreadFailure][] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') results.push(outcome.value);
    else {
      results.push(undefined);
      failures.push([index, failureOf(outcome.reason)]);
    }
  }
  return { results, failures };
}

if (await open()) releaseStartMemory();
