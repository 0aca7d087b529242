import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { type Host, bind, createLogger, startHost } from '@trivium/rpc';
import { InvalidFile } from './index.ts';
import { certificatePem, keyPem } from './spec/certificate.ts';
import { closeAll, openFixture, servicesFile } from './spec/registry-fixture.ts';

let host: Host;
beforeAll(async () => {
  const unused = () => Promise.resolve({});
  const pair = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(certificatePem) };
  host = await startHost({
    address: '127.0.0.1:0',
    credentials: ServerCredentials.createSsl(null, [pair]),
    log: createLogger({ name: 'spec', level: 'silent' }),
    services: [
      bind(CatalogDefinition, {
        getProduct: async ({ sku }) => ({ product: { sku } }),
        batchGetProducts: unused,
        listProducts: unused,
      }),
    ],
  });
});
afterAll(() => host.drain());
afterEach(closeAll);

const open = (tls: string) => {
  const file = servicesFile(
    `services:\n  - name: stock\n    addresses: ${host.address}\n    tls: ${tls}\n`,
  );
  writeFileSync(join(dirname(file), 'ca.pem'), certificatePem);
  return openFixture(file);
};

it('calls a backend over TLS whose certificate is trusted and has the name', async () => {
  const registry = await open('{ ca: ca.pem, serverName: stock.example }');
  const options = { signal: AbortSignal.timeout(10_000) };
  const name = 'shop.catalog.v1.Catalog/GetProduct';
  await expect(registry.call(name, { sku: 'MUG' }, options)).resolves.toMatchObject({
    response: { product: { sku: 'MUG' } },
  });
});

it.each(['true', '{ ca: ca.pem }', '{ ca: ca.pem, serverName: other.example }', 'false'])(
  'does not talk to one that is not who it should be: %s',
  async (tls) => {
    const registry = await open(tls);
    expect(registry.backends()).toMatchObject([{ name: 'stock', isKnown: false }]);
  },
);

it('does not start with a file that cannot be read', async () => {
  await expect(open('{ ca: none.pem }')).rejects.toThrow(InvalidFile);
});
