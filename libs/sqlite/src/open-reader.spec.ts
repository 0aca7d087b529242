import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { DatabaseUnavailable, openDatabase, openReader } from './index.ts';

const folder = temporaryFolder();
const migrations = ['CREATE TABLE note (text TEXT NOT NULL) STRICT'];
const all = 'SELECT text FROM note';

it('reads what is committed while another connection writes, and cannot write itself', async () => {
  const path = join(folder, 'a.db');
  const database = openDatabase({ path, migrations });
  const reader = openReader({ path });
  await database.write((sql) => sql.run('INSERT INTO note VALUES (?)', 'one'));
  expect(reader.read((sql) => sql.all(all))).toEqual([{ text: 'one' }]);
  const write = () => reader.read((sql) => sql.run('DELETE FROM note'));
  expect(write).toThrow('A read cannot change the database');
  expect(reader.read((sql) => sql.all(all))).toHaveLength(1);
  reader.close();
  reader.close();
  expect(() => reader.read((sql) => sql.all(all))).toThrow('it has been closed');
  await database.close();
});

it('throws what the function throws, and reads again', async () => {
  const path = join(folder, 'b.db');
  await openDatabase({ path, migrations }).close();
  const reader = openReader({ path });
  const fail = () =>
    reader.read(() => {
      throw new RangeError('mine');
    });
  expect(fail).toThrow(RangeError);
  expect(reader.read((sql) => sql.all(all))).toEqual([]);
  reader.close();
});

it('says so when the file is damaged, or is not there', async () => {
  const path = join(folder, 'c.db');
  const database = openDatabase({ path, migrations });
  await database.write((sql) => sql.run('INSERT INTO note VALUES (?)', 'x'.repeat(9_000)));
  await database.close();
  const file = readFileSync(path);
  // All but the first page, which says where the others are.
  writeFileSync(path, file.fill(255, 4096));
  const reader = openReader({ path });
  const read = () => reader.read((sql) => sql.all(all));
  expect(read).toThrow(DatabaseUnavailable);
  expect(read).toThrow('it is damaged; put a backup in its place');
  reader.close();
  expect(() => openReader({ path: join(folder, 'none.db') })).toThrow('it cannot be opened');
});
