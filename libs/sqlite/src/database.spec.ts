import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { jest } from '@jest/globals';
import { commitCount } from './fixtures/commit-count.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { DatabaseUnavailable, openDatabase } from './index.ts';
import type { Database } from './index.ts';

const folder = temporaryFolder();
const migrations = [
  `CREATE TABLE account (id TEXT PRIMARY KEY, balance INTEGER NOT NULL) STRICT;
   CREATE TABLE hold (
     account_id TEXT NOT NULL REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED
   ) STRICT`,
];
let path: string;
let database: Database;
let opened = 0;

beforeEach(() => {
  path = join(folder, `${(opened += 1)}.db`);
  database = openDatabase({ path, migrations, busyTimeoutMs: 0 });
});

afterEach(() => database.close());

const insert = (id: string, into = database) =>
  into.write((sql) => sql.run('INSERT INTO account VALUES (?, 0)', id));
const ids = (of = database) =>
  of
    .read((sql) => sql.all<{ id: string }>('SELECT id FROM account ORDER BY rowid'))
    .map(({ id }) => id);

describe('write', () => {
  it('commits the writes of one turn together, and those of another turn apart', async () => {
    const before = commitCount(path);
    await Promise.all(Array.from({ length: 100 }, (_, n) => insert(`a${n}`)));
    expect(commitCount(path) - before).toBe(1);
    await insert('b');
    expect(commitCount(path) - before).toBe(2);
    expect(ids()).toHaveLength(101);
  });

  it('puts at most 256 writes into a commit', async () => {
    const before = commitCount(path);
    await Promise.all(Array.from({ length: 600 }, (_, n) => insert(`a${n}`)));
    expect(commitCount(path) - before).toBe(3);
    expect(ids()).toEqual(Array.from({ length: 600 }, (_, n) => `a${n}`));
  });

  it('shows nothing to anybody before the commit, and all of it once acknowledged', async () => {
    const other = new DatabaseSync(path, { readOnly: true });
    const seenByOther = () => other.prepare('SELECT id FROM account').all();
    const seenInside: unknown[] = [];
    const written = database.write((sql) => {
      sql.run(`INSERT INTO account VALUES ('a', 0)`);
      seenInside.push(...seenByOther());
    });
    expect(ids()).toEqual([]);
    await written;
    expect(seenInside).toEqual([]);
    expect(seenByOther()).toHaveLength(1);
    other.close();
  });

  it('lets a write see those before it', async () => {
    const [, count] = await Promise.all([
      insert('a'),
      database.write((sql) => sql.get('SELECT count(*) AS n FROM account')),
    ]);
    expect(count).toEqual({ n: 1 });
  });

  it('undoes one that throws, alone', async () => {
    const mistake = new Error('no such carrier');
    const before = commitCount(path);
    const results = await Promise.allSettled([
      insert('a'),
      database.write((sql) => {
        sql.run(`INSERT INTO account VALUES ('b', 0)`);
        throw mistake;
      }),
      insert('a'),
      insert('c'),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled', value: { changes: 1 } },
      { status: 'rejected', reason: mistake },
      { status: 'rejected', reason: { message: 'UNIQUE constraint failed: account.id' } },
      { status: 'fulfilled' },
    ]);
    expect(ids()).toEqual(['a', 'c']);
    expect(commitCount(path) - before).toBe(1);
  });

  it('undoes one that returns a promise, and tells of the mistake', async () => {
    const asynchronous = database.write(async (sql) => {
      sql.run(`INSERT INTO account VALUES ('a', 0)`);
      await Promise.resolve();
      sql.run(`INSERT INTO account VALUES ('b', 0)`);
    });
    await expect(asynchronous).rejects.toThrow(TypeError);
    await expect(database.write(() => ({ then: () => undefined }))).rejects.toThrow(TypeError);
    expect(ids()).toEqual([]);
  });

  it('rejects all of a batch whose commit fails, and keeps none of it', async () => {
    const results = await Promise.allSettled([
      insert('a'),
      database.write((sql) => sql.run(`INSERT INTO hold VALUES ('nobody')`)),
      database.write(() => {
        throw new RangeError('mine');
      }),
    ]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { name: 'DatabaseUnavailable', path } },
      { status: 'rejected', reason: { cause: { message: 'FOREIGN KEY constraint failed' } } },
      { status: 'rejected', reason: { message: 'mine' } },
    ]);
    expect(ids()).toEqual([]);
    await insert('b');
    expect(ids()).toEqual(['b']);
  });

  it('rejects all of a batch that cannot begin, and goes on when it can again', async () => {
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([insert('a'), insert('b')]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(results[0]).toMatchObject({
      reason: { name: 'DatabaseUnavailable', message: /another process kept it locked/ },
    });
    other.close();
    await insert('c');
    expect(ids()).toEqual(['c']);
  });

  it('rejects all of a batch that SQLite rolls back, each with whose fault it was', async () => {
    await insert('a');
    const results = await Promise.allSettled([
      insert('b'),
      database.write((sql) => {
        try {
          sql.run(`INSERT OR ROLLBACK INTO account VALUES ('a', 0)`);
        } catch {
          sql.run(`INSERT INTO account VALUES ('not in any transaction', 0)`);
        }
      }),
      insert('c'),
    ]);
    expect(results).toMatchObject([
      { reason: { name: 'DatabaseUnavailable' } },
      { reason: { name: 'Error', message: 'SQLite has rolled the transaction back.' } },
      { reason: { name: 'DatabaseUnavailable' } },
    ]);
    expect(ids()).toEqual(['a']);
  });

  it('takes a write from inside a write into the next commit', async () => {
    const before = commitCount(path);
    const nested = Promise.withResolvers<unknown>();
    await database.write((sql) => {
      sql.run(`INSERT INTO account VALUES ('a', 0)`);
      nested.resolve(insert('b'));
    });
    await nested.promise;
    expect(ids()).toEqual(['a', 'b']);
    expect(commitCount(path) - before).toBe(2);
  });

  it('commits under a fake clock', async () => {
    jest.useFakeTimers();
    try {
      await insert('a');
    } finally {
      jest.useRealTimers();
    }
    expect(ids()).toEqual(['a']);
  });
});

describe('read', () => {
  it('sees one moment, even while another process writes', async () => {
    const other = new DatabaseSync(path);
    database.read((sql) => {
      const count = () => sql.get('SELECT count(*) AS n FROM account');
      expect(count()).toEqual({ n: 0 });
      other.exec(`INSERT INTO account VALUES ('a', 0)`);
      expect(count()).toEqual({ n: 0 });
    });
    expect(ids()).toEqual(['a']);
    other.close();
  });

  it('throws what the function throws, and can be followed by another', async () => {
    expect(() => database.read((sql) => sql.all('SELECT * FROM nowhere'))).toThrow(
      'no such table: nowhere',
    );
    expect(() => database.read(async () => 1)).toThrow(TypeError);
    expect(ids()).toEqual([]);
  });

  it('is refused inside a write, where it would see what is not committed', async () => {
    await expect(database.write(() => ids())).rejects.toThrow(/use the Sql that it was given/);
    expect(() => database.read(() => ids())).toThrow(/use the Sql that it was given/);
    await insert('a');
    expect(ids()).toEqual(['a']);
  });
});

describe('close', () => {
  it('commits what is queued and leaves one file', async () => {
    const writes = Array.from({ length: 300 }, (_, n) => insert(`a${n}`));
    expect(existsSync(`${path}-wal`)).toBe(true);
    await database.close();
    await Promise.all(writes);
    expect(existsSync(`${path}-wal`)).toBe(false);

    await using again = openDatabase({ path, migrations });
    expect(ids(again)).toHaveLength(300);
  });

  it('moves the log into the file while another process has it open', async () => {
    const other = new DatabaseSync(path);
    // It opens the file with its first statement.
    other.exec('SELECT * FROM account');
    await insert('a');
    await database.close();
    const fileAlone = join(folder, 'file-alone.db');
    copyFileSync(path, fileAlone);
    other.close();

    await using copy = openDatabase({ path: fileAlone, migrations });
    expect(ids(copy)).toEqual(['a']);
  });

  it('refuses reads and writes from then on', async () => {
    const closing = database.close();
    await expect(insert('a')).rejects.toThrow(
      `Cannot use the database ${path}: it has been closed; open it again to use it`,
    );
    await closing;
    await expect(insert('a')).rejects.toThrow(DatabaseUnavailable);
    expect(() => ids()).toThrow('it has been closed');
  });

  it('can be called again, and from inside a write', async () => {
    await database.write((sql) => {
      void database.close();
      sql.run(`INSERT INTO account VALUES ('a', 0)`);
    });
    await database.close();
    await database[Symbol.asyncDispose]();
    await using again = openDatabase({ path, migrations });
    expect(ids(again)).toEqual(['a']);
  });
});
