/**
 * Loaded with `--import` before anything else, into each thread of a process: does to SQLite, on the connections of the
 * thread that writes, what the environment asks for.
 *
 *     FAULT_POINT, FAULT_PASSAGE   SIGKILL at the given passage of a point (`SqlitePoint`)
 *     FAULT_DISK, FAULT_FROM, FAULT_FOR   a disk that fails for a while (`DiskFault`)
 *     FAULT_SYNCHRONOUS            `at open` or `later`: the planted bug `synchronous=NORMAL`
 *     FAULT_PROBE                  a file for what `PRAGMA synchronous` says after each commit, one line each
 */
import { appendFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';
import { killAt } from './kill-at.ts';
import { faultyDisk } from './sqlite-disk.ts';

const { FAULT_SYNCHRONOUS: weakened, FAULT_PROBE: probe } = process.env;
const pass = killAt();
const disk = faultyDisk();
const { exec } = DatabaseSync.prototype;
const { run } = StatementSync.prototype;

function hookedExec(this: DatabaseSync, text: string): void {
  const act = (given = text): void => exec.call(this, given);
  if (text === 'BEGIN IMMEDIATE') {
    pass('before a transaction');
    disk?.begin(this);
    if (weakened === 'later') act('PRAGMA synchronous = NORMAL');
    act();
  } else if (text === 'COMMIT') {
    pass('before a commit');
    if (disk) disk.commit(act);
    else act();
    if (probe) appendFileSync(probe, `${synchronousOf(this)}\n`);
    pass('after a commit');
  } else {
    const isWeakened = weakened === 'at open' && text.startsWith('PRAGMA synchronous =');
    act(isWeakened ? 'PRAGMA synchronous = NORMAL' : text);
  }
}

function hookedRun(this: StatementSync, ...params: never[]): unknown {
  const result = Reflect.apply(run, this, params) as unknown;
  pass('in a transaction');
  return result;
}

function synchronousOf(connection: DatabaseSync): unknown {
  return Object.values(connection.prepare('PRAGMA synchronous').get() ?? {})[0];
}

// The connections of the main thread read.
if (!isMainThread) {
  DatabaseSync.prototype.exec = hookedExec;
  StatementSync.prototype.run = hookedRun as typeof run;
}
