import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { DatabaseUnavailable, openDatabase } from './index.ts';
import type { Database, Sql } from './index.ts';

const folder = temporaryFolder();
const first = `CREATE TABLE product (sku TEXT PRIMARY KEY) STRICT; INSERT INTO product VALUES ('mug')`;
const second = `ALTER TABLE product ADD COLUMN grams INTEGER NOT NULL DEFAULT 250`;

const versionOf = (database: Database) =>
  database.read((sql) => sql.get('PRAGMA user_version'))?.['user_version'];

it('applies what a database lacks, and each migration but one time', async () => {
  const path = join(folder, 'grows.db');
  const lines: unknown[] = [];
  const log = {
    info: (fields: object, message: string) => lines.push([message, fields]),
    warn: (fields: object, message: string) => lines.push([message, fields]),
  };
  await openDatabase({ path, migrations: [first], log }).close();
  await openDatabase({ path, migrations: [first, second], log }).close();
  await using database = openDatabase({ path, migrations: [first, second], log });

  expect(versionOf(database)).toBe(2);
  expect(database.read((sql) => sql.all('SELECT * FROM product'))).toEqual([
    { sku: 'mug', grams: 250 },
  ]);
  expect(lines).toEqual([
    ['database migrated', { path, from: 0, to: 1 }],
    ['database migrated', { path, from: 1, to: 2 }],
  ]);
});

it('runs a function where statements do not do', async () => {
  const path = join(folder, 'function.db');
  await openDatabase({ path, migrations: [first] }).close();
  const upper = (sql: Sql): void => {
    for (const { sku } of sql.all<{ sku: string }>('SELECT sku FROM product')) {
      sql.run('UPDATE product SET sku = ? WHERE sku = ?', sku.toUpperCase(), sku);
    }
  };
  const failing = (sql: Sql): void => {
    sql.run('DELETE FROM product');
    throw new Error('not like that');
  };
  expect(() => openDatabase({ path, migrations: [first, failing] })).toThrow(
    'migration 2 of 2 failed (not like that); it stays at version 1',
  );
  await using database = openDatabase({ path, migrations: [first, upper] });
  expect(versionOf(database)).toBe(2);
  expect(database.read((sql) => sql.all('SELECT sku FROM product'))).toEqual([{ sku: 'MUG' }]);
});

it('keeps nothing of a migration that fails, and what came before it', async () => {
  const path = join(folder, 'fails.db');
  const broken = `CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)`;
  const open = () => openDatabase({ path, migrations: [first, broken] });
  expect(open).toThrow(DatabaseUnavailable);
  expect(open).toThrow(
    `Cannot use the database ${path}: migration 2 of 2 failed (no such table: nowhere); it stays at version 1 until the migration or the data is repaired`,
  );

  await using database = openDatabase({ path, migrations: [first] });
  expect(versionOf(database)).toBe(1);
  expect(database.read((sql) => sql.get(`SELECT * FROM sqlite_schema WHERE name = 'half'`))).toBe(
    undefined,
  );
});

it('refuses a migration that ends its transaction', () => {
  const path = join(folder, 'commits.db');
  expect(() => openDatabase({ path, migrations: [`${first}; COMMIT`] })).toThrow(
    /cannot begin or end one/,
  );
  const raw = new DatabaseSync(path);
  expect(raw.prepare('SELECT name FROM sqlite_schema').all()).toEqual([]);
  raw.close();
});

it('refuses a database that a newer program has migrated', async () => {
  const path = join(folder, 'newer.db');
  await openDatabase({ path, migrations: [first, second] }).close();
  expect(() => openDatabase({ path, migrations: [first] })).toThrow(
    `Cannot use the database ${path}: its version is 2, and this program knows versions up to 1; run the newer program, or choose another path`,
  );
});
