import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { bind, Code, createLogger, RpcError, startHost, type Host } from '@trivium/rpc';
import { readArguments } from './arguments.ts';
import { execute } from './execute.ts';

const plan = (sku: string) => `name: lookup
steps:
  - id: product
    method: shop.catalog.v1.Catalog/GetProduct
    request: { sku: "\${ input.sku }" }
  - id: others
    method: shop.catalog.v1.Catalog/ListProducts
    request: { filter: "${sku}" }
result: { name: "\${ product.product.name }" }
`;
const good = plan('${ product.product.category }');
const bad = plan('${ product.product.categry }').replace('GetProduct', 'GetProdukt');

let host: Host;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-'));
  host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'catalog', level: 'silent' }),
    services: [
      bind(CatalogDefinition, {
        getProduct: async ({ sku }) => {
          if (sku === 'NO-MUG') throw new RpcError(Code.NOT_FOUND, 'there is no such mug');
          return { product: { sku, name: 'Mug', category: 'kitchen' } };
        },
        listProducts: async () => ({ products: [] }),
        batchGetProducts: async () => ({ products: [] }),
      }),
    ],
  });
  const services = (address: string) => `services: [{ name: catalog, addresses: "${address}" }]`;
  await writeFile(join(folder, 'services.yaml'), services(host.address));
  await writeFile(join(folder, 'nobody.yaml'), services('127.0.0.1:1'));
  await writeFile(join(folder, 'good.yaml'), good);
  await writeFile(join(folder, 'bad.yaml'), bad);
  await writeFile(join(folder, 'input.json'), '{ "sku": "MUG-1" }');
});

afterAll(async () => {
  await host.drain();
  await rm(folder, { recursive: true });
});

async function plans(...args: string[]) {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await execute(readArguments(args)!, {
    folder,
    defaultServices: join(folder, 'services.yaml'),
    signal: new AbortController().signal,
    terminal: {
      print: (line) => printed.push(line),
      note: (line) => noted.push(line),
      ...{ columns: 100, colours: false, writeFile },
    },
  });
  return { code, out: printed.join('\n'), notes: noted.join('\n') };
}

it('checks a plan against the services', async () => {
  expect(await plans('check', 'good.yaml')).toEqual({
    ...{ code: 0, notes: '' },
    out: `${join(folder, 'good.yaml')}: 2 steps, nothing wrong`,
  });
  const { code, out, notes } = await plans('check', 'bad.yaml');
  expect([code, notes]).toEqual([1, '1 problem']);
  expect(out).toBe(
    `${join(folder, 'bad.yaml')}:4:5 steps[0].method: no method shop.catalog.v1.Catalog/GetProdukt is registered; did you mean shop.catalog.v1.Catalog/GetProduct?`,
  );
  expect(JSON.parse((await plans('check', 'bad.yaml', '--json')).out)).toMatchObject({
    problems: [{ path: 'steps[0].method', line: 4, column: 5 }],
  });
});

it('checks all but methods when the services cannot be reached, and says so', async () => {
  const { code, notes } = await plans('check', 'bad.yaml', '--services', 'nobody.yaml');
  expect([code, notes]).toEqual([
    0,
    'Not checked: methods and requests of product, others. Not reached: catalog',
  ]);
});

it('draws what waits for what, and writes it as SVG', async () => {
  const { code, out, notes } = await plans('draw', 'good.yaml', '--svg', 'graph.svg');
  expect([code, notes]).toEqual([0, `Wrote ${join(folder, 'graph.svg')}`]);
  expect(out).toMatch(/│ product .*│ others /s);
  expect(await readFile(join(folder, 'graph.svg'), 'utf8')).toContain(
    '<title id="title">The plan lookup',
  );
});

it('runs a plan on the services and draws who worked when', async () => {
  const args = ['run', 'good.yaml', '--input', '@input.json', '--svg', 'run.svg'];
  const { code, out } = await plans(...args);
  expect(code).toBe(0);
  expect(out).toMatch(/product …\n.* product succeeded after .*others …\n.* others succeeded/s);
  expect(out).toMatch(/\nlookup: .*\nproduct +█+.*critical\nothers/);
  expect(out).toMatch(/\{\n {2}"name": "Mug"\n\}$/);
  expect(await readFile(join(folder, 'run.svg'), 'utf8')).toContain('A run of the plan lookup');
});

it('tells why a run failed', async () => {
  const { code, out, notes } = await plans('run', 'good.yaml', '--input', '{"sku":"NO-MUG"}');
  expect([code, notes]).toEqual([1, 'NOT_FOUND: there is no such mug']);
  expect(out).toMatch(/product failed after .*: there is no such mug/);
  const json = await plans('run', 'good.yaml', '--input', '{"sku":"NO-MUG"}', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    error: { code: 'NOT_FOUND' },
    steps: [
      { step: 'product', state: 'failed' },
      { step: 'others', state: 'skipped' },
    ],
  });
});

it.each([
  [['run', 'good.yaml', '--input', '[1]'], '--input must be a JSON object'],
  [['run', 'good.yaml', '--input', '{'], '--input is no JSON'],
  [['check', 'none.yaml'], 'none.yaml cannot be read: ENOENT'],
  [['check', 'good.yaml', '--services', 'none.yaml'], 'none.yaml cannot be read'],
  [['check', 'good.yaml', '--services', 'input.json'], 'services'],
])('says in a line what is wrong with %j', async (args, message) => {
  await expect(plans(...args)).rejects.toThrow(message);
});
