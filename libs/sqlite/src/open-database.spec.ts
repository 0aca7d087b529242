import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { DatabaseUnavailable, openDatabase } from './index.ts';

const folder = temporaryFolder();

function refusal(path: string, options?: { busyTimeoutMs?: number }): DatabaseUnavailable {
  try {
    void openDatabase({ path, migrations: [], ...options }).close();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return error;
    throw error;
  }
  throw new Error(`${path} was opened`);
}

/** Permissions do not bind root, so specs that root runs give its rights up for a moment. */
function withoutRootRights<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

it('opens with a write-ahead log, full syncs, foreign keys and the busy timeout', async () => {
  await using database = openDatabase({
    path: join(folder, 'pragmas.db'),
    migrations: [],
    busyTimeoutMs: 1234,
  });
  const pragma = (name: string) =>
    Object.values(database.read((sql) => sql.get(`PRAGMA ${name}`)) ?? {})[0];
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('foreign_keys')).toBe(1);
  expect(pragma('busy_timeout')).toBe(1234);
});

it('creates the folders that the path names', async () => {
  const path = join(folder, 'some/where/new.db');
  await using database = openDatabase({ path, migrations: [] });
  expect(database.path).toBe(path);
});

it('opens a database that is not kept', async () => {
  await using database = openDatabase({ path: ':memory:', migrations: ['CREATE TABLE t (a)'] });
  await database.write((sql) => sql.run('INSERT INTO t VALUES (1)'));
  expect(database.read((sql) => sql.all('SELECT * FROM t'))).toStrictEqual([{ a: 1 }]);
});

it('refuses a busy timeout that is not a whole number of milliseconds', () => {
  const open = (busyTimeoutMs: number) => () =>
    openDatabase({ path: ':memory:', migrations: [], busyTimeoutMs });
  expect(open(-1)).toThrow(RangeError);
  expect(open(1.5)).toThrow(RangeError);
});

describe('says in one line which file cannot be used and what to do, when', () => {
  const line = (path: string) => refusal(path).message;

  it('a part of the path is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [join(file, 'x.db'), join(file, 'deep/x.db')]) {
      expect(line(path)).toBe(
        `Cannot use the database ${path}: a part of the path that should be a folder is a file; move that file, or choose another path`,
      );
    }
    expect(refusal(join(file, 'deep/x.db')).cause).toMatchObject({ code: 'ENOTDIR' });
  });

  it('the path is a folder', () => {
    const path = join(folder, 'folder.db');
    mkdirSync(path);
    expect(line(path)).toBe(`Cannot use the database ${path}: it is a folder; name a file in it`);
    expect(refusal(path)).toMatchObject({ path, cause: { errcode: 14 } });
  });

  it('the file is something else than a database', () => {
    const path = join(folder, 'garbage.db');
    writeFileSync(path, 'Dear diary, today I was not a database.'.repeat(50));
    expect(line(path)).toBe(
      `Cannot use the database ${path}: it is not an SQLite database; move that file away, or choose another path`,
    );
  });

  it('the file is read-only', async () => {
    const path = join(folder, 'read-only.db');
    await openDatabase({ path, migrations: [] }).close();
    chmodSync(folder, 0o777);
    chmodSync(path, 0o444);
    const error = withoutRootRights(() => refusal(path));
    expect(error.message).toBe(
      `Cannot use the database ${path}: it is read-only; let this user write to the file and its folder, or choose another path`,
    );
  });

  it('another process keeps it locked', () => {
    const path = join(folder, 'locked.db');
    const other = new DatabaseSync(path);
    other.exec('BEGIN EXCLUSIVE');
    expect(refusal(path, { busyTimeoutMs: 20 }).message).toBe(
      `Cannot use the database ${path}: another process kept it locked; stop that process, or raise busyTimeoutMs`,
    );
    other.close();
  });

  it('its folder may not be created', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    const path = join(closed, 'data/x.db');
    const error = withoutRootRights(() => refusal(path));
    expect(error.message).toBe(
      `Cannot use the database ${path}: permission denied; let this user write to the file and its folder, or choose another path`,
    );
    expect(error.cause).toMatchObject({ code: 'EACCES' });
  });
});
