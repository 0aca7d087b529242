import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DurablePeer } from '../durable-peer.ts';

interface Waiting {
  readonly write: () => void;
  readonly resolve: () => void;
}

/**
 * The file that ours is built on and nothing else: a row with a unique request id for each start, and
 * a change of that row for its end, in this thread. All that came in one turn shares a commit.
 */
export async function open(folder: string): Promise<DurablePeer> {
  const database = new DatabaseSync(join(folder, 'alone.db'));
  database.exec(
    `PRAGMA journal_mode = WAL;
     PRAGMA synchronous = FULL;
     CREATE TABLE work (
       number INTEGER PRIMARY KEY,
       request_id TEXT NOT NULL UNIQUE,
       request BLOB NOT NULL,
       response BLOB
     ) STRICT`,
  );
  const insert = database.prepare('INSERT INTO work (request_id, request) VALUES (?, ?)');
  const update = database.prepare('UPDATE work SET response = ? WHERE number = ?');
  const request = Buffer.from('{"key":""}');
  const response = Buffer.from('{}');
  let waiting: Waiting[] = [];

  const commit = (): void => {
    const batch = waiting;
    waiting = [];
    database.exec('BEGIN IMMEDIATE');
    for (const { write } of batch) write();
    database.exec('COMMIT');
    for (const { resolve } of batch) resolve();
  };
  const committed = (write: () => void): Promise<void> =>
    new Promise((resolve) => {
      if (waiting.push({ write, resolve }) === 1) setImmediate(commit);
    });
  const start = async (requestId: string): Promise<string> => {
    let number: number | bigint = 0;
    await committed(() => (number = insert.run(requestId, request).lastInsertRowid));
    return String(number);
  };
  return {
    start,
    async finish(requestId) {
      const id = await start(requestId);
      await committed(() => void update.run(response, BigInt(id)));
      return id;
    },
    settle: async () => undefined,
    close: async () => database.close(),
  };
}
