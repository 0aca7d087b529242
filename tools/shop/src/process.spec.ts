import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessEnded, startProcess } from './process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-shop-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves once nothing accepts connections at the address any longer. */
async function silence(address: string): Promise<void> {
  const [host, port] = address.split(':');
  for (;;) {
    const socket = connect(Number(port), host);
    const [refused] = await Promise.race([
      once(socket, 'connect').then(() => [false]),
      once(socket, 'error').then(() => [true]),
    ]).catch(() => [true]);
    socket.destroy();
    if (refused) return;
  }
}

it('starts a service on a free port, and lets it drain', async () => {
  const service = await startProcess('catalog', { env: { PORT: '0', DATA_DIR: folder } });
  expect(service.address).toMatch(/^127\.0\.0\.1:\d+$/);
  await service.stop();
  expect(service.lines.at(-1)).toContain('stopped');
});

it('says why a service does not start, in the line that the service printed', async () => {
  writeFileSync(join(folder, 'file'), '');
  const start = startProcess('catalog', { env: { PORT: '0', DATA_DIR: join(folder, 'file') } });
  await expect(start).rejects.toThrow(ProcessEnded);
  await expect(start).rejects.toThrow(/^catalog: [^\n]*file[^\n]*$/);
});

it('ends a service when the process that started it is killed', async () => {
  const starter = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'fixtures/start-catalog.ts'),
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [address] = await once(starter.stdout, 'data');
  starter.kill('SIGKILL');
  await silence(String(address).trim());
});
