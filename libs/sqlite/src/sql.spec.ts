import { openDatabase } from './index.ts';
import type { Database, SqlValue } from './index.ts';

let database: Database;

beforeEach(() => {
  database = openDatabase({
    path: ':memory:',
    migrations: ['CREATE TABLE item (id INTEGER PRIMARY KEY, label TEXT, amount INTEGER)'],
  });
});

afterEach(() => database.close());

const selected = (text: string, ...params: SqlValue[]) =>
  database.read((sql) => sql.get(text, ...params));

it('gives the first row, all rows, and the number of changes', async () => {
  const { changes } = await database.write((sql) =>
    sql.run(`INSERT INTO item (label) VALUES ('a'), ('b')`),
  );
  expect(changes).toBe(2);
  expect(database.read((sql) => sql.all('SELECT id, label FROM item'))).toStrictEqual([
    { id: 1, label: 'a' },
    { id: 2, label: 'b' },
  ]);
  expect(selected('SELECT label FROM item WHERE id = ?', 2)).toStrictEqual({ label: 'b' });
  expect(selected('SELECT label FROM item WHERE id = ?', 3)).toBeUndefined();
});

it('writes every row of a statement whose first result is asked for', async () => {
  const row = await database.write((sql) =>
    sql.get<{ id: number }>(`INSERT INTO item (label) VALUES ('a'), ('b') RETURNING id`),
  );
  expect(row).toStrictEqual({ id: 1 });
  expect(selected('SELECT count(*) AS items FROM item')).toEqual({ items: 2 });
});

it('takes integers as number or bigint and gives them back as numbers', async () => {
  await database.write((sql) => sql.run('INSERT INTO item VALUES (1, ?, ?)', 5, 1999n));
  expect(selected('SELECT label, amount FROM item')).toEqual({ label: '5', amount: 1999 });
  expect(selected('SELECT typeof(?) AS a, typeof(?) AS b, ? / 2 AS c', 1, 1.5, 7)).toEqual({
    a: 'integer',
    b: 'real',
    c: 3,
  });
  expect(selected('SELECT ? AS most', BigInt(Number.MAX_SAFE_INTEGER))).toEqual({
    most: Number.MAX_SAFE_INTEGER,
  });
});

it('refuses integers that a number cannot hold, on the way in and on the way out', async () => {
  const tooLarge = BigInt(Number.MAX_SAFE_INTEGER) + 1n;
  expect(() => selected('SELECT ?', tooLarge)).toThrow(RangeError);
  expect(() => selected('SELECT ?', -tooLarge)).toThrow(RangeError);
  expect(() => selected('SELECT ? + 1 AS sum', Number.MAX_SAFE_INTEGER)).toThrow(
    /too large to be represented as a JavaScript number/,
  );
  expect(() => selected('SELECT ?', NaN)).toThrow(RangeError);
});

it('keeps null, text with any character, fractions and blobs as they are', () => {
  const blob = new Uint8Array([0, 255]);
  expect(selected('SELECT ? AS a, ? AS b, ? AS c, ? AS d', null, 'a\0🙂', 0.1, blob)).toEqual({
    a: null,
    b: 'a\0🙂',
    c: 0.1,
    d: blob,
  });
});

it('refuses to change anything in a read, and reads with all that SQL has', async () => {
  for (const text of [
    `INSERT INTO item (label) VALUES ('a') RETURNING id`,
    'DELETE FROM item',
    'DROP TABLE item',
    'PRAGMA user_version = 7',
  ]) {
    expect(() => database.read((sql) => sql.get(text))).toThrow(/A read cannot change/);
    await database.write((sql) => sql.run('SELECT 1'));
    expect(() => database.read((sql) => sql.run(text))).toThrow(/A read cannot change/);
  }
  expect(
    selected(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
       SELECT sum(i) AS sum, (SELECT count(*) FROM json_each(?)) AS elements FROM n`,
      '[1, 2]',
    ),
  ).toEqual({ sum: 10, elements: 2 });
});

it('refuses in a read what a write has prepared', async () => {
  const text = `UPDATE item SET label = 'b'`;
  await database.write((sql) => sql.run(text));
  expect(() => database.read((sql) => sql.run(text))).toThrow(/A read cannot change/);
});

it('leaves transactions to the database', async () => {
  for (const text of ['COMMIT', 'ROLLBACK', 'BEGIN', 'SAVEPOINT mine', 'RELEASE write']) {
    await expect(database.write((sql) => sql.run(text))).rejects.toThrow(/cannot begin or end one/);
    expect(() => database.read((sql) => sql.run(text))).toThrow(/cannot begin or end one/);
  }
});

it('ends with the function that it was given to', async () => {
  const kept = await database.write((sql) => ({ sql }));
  expect(() => kept.sql.run('DELETE FROM item')).toThrow(/This Sql has ended/);
});

it('has every statement prepared again after the schema has changed', async () => {
  const rows = () => database.read((sql) => sql.all('SELECT * FROM item'));
  await database.write((sql) => sql.run(`INSERT INTO item (label) VALUES ('a')`));
  expect(rows()).toEqual([{ id: 1, label: 'a', amount: null }]);
  await database.write((sql) => sql.run('ALTER TABLE item DROP COLUMN amount'));
  expect(rows()).toEqual([{ id: 1, label: 'a' }]);
});

it('goes on working after more texts than it keeps', () => {
  for (let n = 0; n < 1_200; n += 1) {
    expect(selected(`SELECT ${n} AS n`)).toEqual({ n });
  }
  expect(selected('SELECT 0 AS n')).toEqual({ n: 0 });
});
