import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const folder = temporaryFolder();

it('works in a process that Node restarts when its files change', async () => {
  const fixture = join(import.meta.dirname, '../fixtures/open-thread.ts');
  const args = ['--watch', '--disable-warning=ExperimentalWarning', fixture];
  const watched = spawn(process.execPath, [...args, join(folder, 'watched.db')]);
  const seen: string[] = [];
  try {
    // When its program has ended, either way, Node waits for its files to change.
    for await (const line of createInterface(watched.stdout)) {
      seen.push(line);
      if (/Completed|Failed/.test(line)) break;
    }
    expect(seen.slice(0, -1)).toEqual(['notes: 0']);
  } finally {
    watched.kill();
    await once(watched, 'exit');
  }
});
