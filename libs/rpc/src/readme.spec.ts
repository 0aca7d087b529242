import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

function urlOf(file: string): URL {
  return new URL(`./spec/${file}`, import.meta.url);
}

function run(file: string, env: Record<string, string>) {
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  return fork(urlOf(file), { env, execArgv, silent: true });
}

it('shows the examples as they are', () => {
  const examples = ['example-service.ts', 'example-client.ts', 'example-interceptor.ts'].map(
    (file) => readFileSync(urlOf(file), 'utf8').replace("'../index.ts'", "'@trivium/rpc'"),
  );
  expect(snippets).toEqual(examples);
});

it('shows a service and a client that work', async () => {
  const service = run('example-service.ts', { PORT: '0' });
  const [{ address }] = (await once(service, 'message')) as [{ address: string }];
  const client = run('example-client.ts', { FULFILLMENT: address });
  expect(await text(client.stdout!)).toBe('dhl\npicked\npacked\n');
  service.kill('SIGTERM');
  await once(service, 'exit');
});
