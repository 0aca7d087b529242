import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ledgerMigrations } from './fixtures/ledger.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';
import { openDatabase } from './index.ts';

const folder = temporaryFolder();
const program = (name: string) => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process that writes; `acknowledged` fills with the ids that it prints. */
function startWriter(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program('write-entries'), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  const acknowledged: string[] = [];
  let errors = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (id) => acknowledged.push(id));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(
    ([[code, signal]]) => {
      running.delete(child);
      return { code, signal, errors };
    },
  );
  return { child, lines, acknowledged, ended };
}

it('keeps every acknowledged write of a process that is killed, and no half of any', async () => {
  const path = join(folder, 'killed.db');
  const { child, lines, acknowledged, ended } = startWriter(path, 'killed');
  lines.on('line', () => {
    if (acknowledged.length === 300) child.kill('SIGKILL');
  });
  expect(await ended).toMatchObject({ signal: 'SIGKILL', errors: '' });
  expect(acknowledged.length).toBeGreaterThanOrEqual(300);

  await using database = openDatabase({ path, migrations: ledgerMigrations });
  const kept = database.read((sql) =>
    sql.all<{ id: string; lines: number }>(
      `SELECT id, (SELECT count(*) FROM line WHERE entry_id = id) AS lines FROM entry`,
    ),
  );
  expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
  expect(kept.filter(({ lines }) => lines !== 2)).toEqual([]);
});

it('lets several processes create, migrate and write one database at the same time', async () => {
  const path = join(folder, 'shared/by-all.db');
  const names = ['a', 'b', 'c'];
  const writers = names.map((name) => startWriter(path, name, '96'));
  const endings = await Promise.all(writers.map(({ ended }) => ended));
  expect(endings).toEqual(names.map(() => ({ code: 0, signal: null, errors: '' })));

  await using database = openDatabase({ path, migrations: ledgerMigrations });
  expect(
    database.read((sql) =>
      sql.all('SELECT writer, count(*) AS n FROM entry GROUP BY 1 ORDER BY 1'),
    ),
  ).toEqual(names.map((writer) => ({ writer, n: 96 })));
});

it('lets several processes open new databases at the same moment', async () => {
  const openers = [1, 2, 3, 4].map(() =>
    fork(program('open-when-told'), { execArgv: ['--disable-warning=ExperimentalWarning'] }),
  );
  openers.forEach((opener) => running.add(opener));
  const answers: unknown[] = [];
  for (let round = 0; round < 40; round += 1) {
    const answered = openers.map((opener) => once(opener, 'message'));
    openers.forEach((opener) => opener.send(join(folder, `new-${round}.db`)));
    answers.push(...(await Promise.all(answered)).map(([answer]) => answer));
  }
  expect(new Set(answers)).toEqual(new Set(['opened']));
  expect(answers).toHaveLength(160);
});
