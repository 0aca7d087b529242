import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-port.ts';
import { spawnServer } from './spawn-server.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const spawnNode = (script: string, probe: () => Promise<unknown>) =>
  spawnServer({ command: process.execPath, args: ['-e', script], folder, probe });

it('resolves once the server can be used, and ends it', async () => {
  const [port] = (await freePorts(1)) as [number];
  const probe = () => fetch(`http://127.0.0.1:${port}`);
  const server = await spawnNode(
    `require('node:http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1')`,
    probe,
  );
  expect((await probe()).ok).toBe(true);
  await server.stop();
  await expect(probe()).rejects.toThrow();
  await server.stop();
});

it('fails when there is no such program', async () => {
  const failing = spawnServer({
    command: join(folder, 'absent'),
    args: [],
    folder,
    probe: () => Promise.reject(new Error('not up')),
  });
  await expect(failing).rejects.toThrow('absent does not start');
});

it('fails with what a server says that ends instead', async () => {
  const failing = spawnNode(`console.error('the port is taken'); process.exit(1)`, () =>
    Promise.reject(new Error('not up')),
  );
  await expect(failing).rejects.toThrow('the port is taken');
  expect(existsSync(join(folder, 'server.log'))).toBe(true);
});
