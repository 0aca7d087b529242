import { join } from 'node:path';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { openDatabase } from './index.ts';

const folder = temporaryFolder();

it('runs the example of the README', async () => {
  await using database = openDatabase({
    path: join(folder, 'data/accounts.db'),
    migrations: [
      `CREATE TABLE account (
        id TEXT PRIMARY KEY,
        balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0)
      ) STRICT`,
    ],
  });

  await Promise.all([
    database.write((sql) => sql.run('INSERT INTO account VALUES (?, ?)', 'ada', 1500n)),
    database.write((sql) => sql.run('INSERT INTO account VALUES (?, ?)', 'bob', 0n)),
  ]);

  const transfer = (from: string, to: string, amountMinor: bigint) =>
    database.write((sql) => {
      const add = 'UPDATE account SET balance_minor = balance_minor + ? WHERE id = ?';
      sql.run(add, amountMinor, to);
      sql.run(add, -amountMinor, from);
    });
  const [refused] = await Promise.allSettled([
    transfer('ada', 'bob', 9000n),
    transfer('ada', 'bob', 500n),
  ]);

  const accounts = database.read((sql) =>
    sql.all<{ id: string; balance_minor: number }>('SELECT * FROM account ORDER BY id'),
  );

  expect(refused).toMatchObject({
    status: 'rejected',
    reason: { message: 'CHECK constraint failed: balance_minor >= 0' },
  });
  expect(accounts).toEqual([
    { id: 'ada', balance_minor: 1000 },
    { id: 'bob', balance_minor: 500 },
  ]);
});
