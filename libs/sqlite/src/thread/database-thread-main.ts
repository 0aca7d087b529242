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

/** Commands that are there together share a commit, and their replies a message. */
function serve(database: Database, { commands, begin }: ThreadModule): void {
  const queue: ((sql: Sql) => unknown)[] = [];
  let isClosing = false;
  const take = (message: ToThread): void => {
    if (message === null) {
      isClosing = true;
      return;
    }
    for (let index = 0; index < message.length; index += 2) {
      const command = commands[message[index] as string] as RunCommand;
      const input = message[index + 1];
      queue.push((sql) => command(sql, input));
    }
  };
  const takeAll = (): void => {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) {
      take(more.message as ToThread);
    }
  };
  port.on('message', (message: ToThread) => {
    take(message);
    for (takeAll(); queue.length > 0; takeAll()) {
      tell(repliesOf(database.writeNow(queue.splice(0, commandsPerCommit), begin)));
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

await open();
