import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { bind, createLogger, startHost } from '@trivium/rpc';
import { parseServicesFile } from './index.ts';
import { closeAll, servicesFile } from './spec/registry-fixture.ts';

afterEach(closeAll);

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = new URL('./spec/example.ts', import.meta.url).pathname;

it('shows the example as it is', () => {
  const code = readFileSync(example, 'utf8').replace("'../index.ts'", "'@trivium/registry'");
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

it('shows an example that works', async () => {
  const unused = () => Promise.resolve({});
  const host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'spec', level: 'silent' }),
    services: [
      bind(CatalogDefinition, {
        getProduct: async ({ sku }) => ({ product: { sku, name: 'A mug' } }),
        batchGetProducts: unused,
        listProducts: unused,
      }),
    ],
  });
  const file = servicesFile(`services: [{ name: catalog, addresses: "${host.address}" }]\n`);
  const child = fork(example, {
    env: { SERVICES_FILE: file },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const exit = once(child, 'exit');
  const lines = (await text(child.stdout!)).split('\n');
  expect(lines[0]).toBe('shop.catalog.v1.Catalog/BatchGetProducts noSideEffects');
  expect(lines).toContain('{"product":{"sku":"MUG-STONE-01","name":"A mug"}}');
  expect(await exit).toEqual([0, null]);
  await host.drain();
});

it('shows a services file that is one', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const { services, contracts } = parseServicesFile(yaml, 'services.yaml');
  expect(services.map(({ name, refreshMs }) => [name, refreshMs])).toEqual([
    ['catalog', 60_000],
    ['stock', 30_000],
  ]);
  expect(contracts).toEqual(['contracts.binpb']);
});
