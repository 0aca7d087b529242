import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitCount } from '../fixtures/commit-count.ts';
import type { commands } from '../fixtures/notes-commands.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { DatabaseUnavailable, openDatabaseThread, openReader } from '../index.ts';
import type { DatabaseThread, DatabaseThreadOptions } from '../index.ts';

const folder = temporaryFolder();
const opened: DatabaseThread<typeof commands>[] = [];
let paths = 0;

const newPath = (): string => join(folder, `${(paths += 1)}.db`);

async function open(path = newPath(), options: Partial<DatabaseThreadOptions> = {}) {
  const thread = await openDatabaseThread<typeof commands>({
    ...{ path, commands: new URL('../fixtures/notes-commands.ts', import.meta.url) },
    ...options,
  });
  opened.push(thread);
  return thread;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((thread) => thread.close()));
});

it('runs commands in the order of the calls, and those of one turn in one commit', async () => {
  const path = newPath();
  const thread = await open(path);
  const before = commitCount(path);
  const added = Array.from({ length: 100 }, (_, index) => thread.run('add', `note ${index}`));
  expect(await thread.run('count', null)).toBe(100);
  expect(await Promise.all(added)).toEqual(Array(100).fill(1));
  expect(commitCount(path) - before).toBe(1);
});

it('acknowledges what is on disk: another connection sees it', async () => {
  const path = newPath();
  const thread = await open(path);
  const reader = openReader({ path });
  for (const text of ['a', 'b', 'c']) {
    await thread.run('add', text);
    expect(reader.read((sql) => sql.get('SELECT text FROM note WHERE text = ?', text))).toEqual({
      text,
    });
  }
  reader.close();
});

it('undoes a command that throws alone, and says what it threw', async () => {
  const thread = await open();
  const outcomes = await Promise.allSettled([
    thread.run('add', 'a'),
    thread.run('refuse', 'not today'),
    thread.run('add', 'a'),
    thread.run('add', 'b'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  ]);
  const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason);
  expect(reasons[1]).toMatchObject({ message: 'not today' });
  expect(reasons[2]).toMatchObject({ message: expect.stringContaining('UNIQUE constraint') });
  expect(await thread.run('count', null)).toBe(2);
});

it('says that the disk is full, and goes on when there is room again', async () => {
  const thread = await open();
  await thread.run('fill', { isFull: true });
  const huge = thread.run('add', 'x'.repeat(1_000_000));
  await expect(huge).rejects.toThrow(DatabaseUnavailable);
  await expect(huge).rejects.toThrow('the disk is full; make room on it');
  await thread.run('fill', { isFull: false });
  expect(await thread.run('add', 'x'.repeat(1_000_000))).toBe(1);
});

it('begins each transaction as its module says, and makes none that could not begin', async () => {
  const thread = await open();
  const before = await thread.run('transactions', null);
  await Promise.all([thread.run('add', 'a'), thread.run('add', 'b')]);
  expect(await thread.run('transactions', null)).toBe(before + 2);
  await thread.run('refuseNext', 'not now');
  const outcomes = await Promise.allSettled([thread.run('add', 'c'), thread.run('add', 'd')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await thread.run('count', null)).toBe(2);
});

it('commits what was asked for before it closes, and takes nothing after that', async () => {
  const path = newPath();
  const thread = await open(path);
  const added = thread.run('add', 'last');
  const closed = thread.close();
  await expect(thread.run('add', 'late')).rejects.toThrow('it has been closed');
  await Promise.all([added, closed, thread.close()]);
  const reader = openReader({ path });
  expect(reader.read((sql) => sql.all('SELECT text FROM note'))).toEqual([{ text: 'last' }]);
  reader.close();
});

it('cannot be opened where a database cannot, in the same words', async () => {
  const path = newPath();
  writeFileSync(path, 'This is no database, however long it goes on. '.repeat(100));
  await expect(open(path)).rejects.toThrow(
    `Cannot use the database ${path}: it is not an SQLite database`,
  );
  await expect(open(path)).rejects.toMatchObject({ isDamaged: true });
  await expect(open(folder)).rejects.toThrow('it is a folder; name a file in it');
});

it('rejects with what its user makes of an error', async () => {
  const seen: Error[] = [];
  const thread = await open(undefined, { toError: (error) => (seen.push(error), 'as told') });
  await expect(thread.run('refuse', 'not today')).rejects.toBe('as told');
  const ended = thread.run('end', 1);
  await expect(ended).rejects.toBe('as told');
  await expect(thread.run('add', 'a')).rejects.toBe('as told');
  expect(seen.map(({ message }) => message)).toEqual([
    'not today',
    expect.stringContaining('its thread has ended'),
    expect.stringContaining('its thread has ended'),
  ]);
});

it('refuses what waits, and all that comes, when its thread ends', async () => {
  const warned: string[] = [];
  const log = { info: () => undefined, warn: (_: object, text: string) => void warned.push(text) };
  const thread = await open(undefined, { log });
  await expect(thread.run('end', 1)).rejects.toThrow('its thread has ended');
  await expect(thread.run('add', 'a')).rejects.toThrow('its thread has ended');
});
