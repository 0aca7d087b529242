import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@trivium/rpc';
import { type ServiceRegistry, type RegistryOptions, openRegistry } from '../registry.ts';
import {
  type DynamicServer,
  type DynamicServerOptions,
  startDynamicServer,
} from './dynamic-server.ts';
import { libraryContract } from './library-contract.ts';

const closers: (() => unknown)[] = [];

/** Closes all that was opened since the last time, latest first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** A services file in a folder of its own. */
export function servicesFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-registry-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'services.yaml');
  writeFileSync(file, text);
  return file;
}

/** Opens a registry, and waits until its backends were asked. */
export async function openFixture(
  file: string,
  options: Partial<RegistryOptions> = {},
): Promise<ServiceRegistry> {
  const log = createLogger({ name: 'spec', level: 'silent' });
  const registry = openRegistry({ file, log, ...options });
  closers.push(() => registry.close());
  await registry.settled();
  return registry;
}

/** Starts a library whose methods answer with what a spec expects. */
export async function startLibrary(
  options: Partial<DynamicServerOptions> = {},
): Promise<DynamicServer> {
  const server = await startDynamicServer({
    file: libraryContract(),
    ...options,
    answers: {
      'library.v1.Library/GetBook': (request) => ({
        isbn: (request as { isbn?: string }).isbn ?? '',
        title: 'Trivium',
        pageCount: '9007199254740993',
      }),
      'library.v1.Library/Borrow': () => ({ loan: 'loan-1' }),
      'library.v1.Library/Browse': () => [{ title: 'one' }, { title: 'two' }],
      ...options.answers,
    },
  });
  closers.push(() => server.kill());
  return server;
}

/** One backend named `library`, as a services file has it. */
export function libraryAt(...addresses: string[]): string {
  return `services:\n  - name: library\n    addresses: [${addresses.join(', ')}]\n`;
}
