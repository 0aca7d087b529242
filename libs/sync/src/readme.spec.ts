import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { Code, RpcError, bind, createLogger, startHost } from '@trivium/rpc';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = ['example.ts', 'example-options.ts'];
const pathOf = (file: string) => new URL(`./spec/${file}`, import.meta.url).pathname;

it('shows the examples as they are', () => {
  for (const file of examples) {
    const code = readFileSync(pathOf(file), 'utf8').replace("'../index.ts'", "'@trivium/sync'");
    expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
  }
});

it.each(examples)('shows in %s what works, and heals', async (file) => {
  let attempts = 0;
  const unused = () => Promise.resolve({});
  const host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'spec', level: 'silent' }),
    services: [
      bind(CatalogDefinition, {
        getProduct: async ({ sku }) => {
          if (++attempts === 1) throw new RpcError(Code.UNAVAILABLE, 'Not now');
          return { product: { sku, name: 'A mug' } };
        },
        batchGetProducts: unused,
        listProducts: unused,
      }),
    ],
  });
  const child = fork(pathOf(file), {
    env: { CATALOG: host.address },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const exit = once(child, 'exit');
  expect(await text(child.stdout!)).toBe('A mug\n');
  expect(await exit).toEqual([0, null]);
  expect(attempts).toBe(2);
  await host.drain();
});
