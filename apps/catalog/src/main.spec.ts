import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { createClient, openChannel } from '@trivium/rpc';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'catalog-'));

afterAll(() => rmSync(folder, { recursive: true }));

type Line = Record<string, unknown>;

/**
 * Runs the service as a process of its own, for as long as it is used, and returns what it has logged.
 * What uses it is told where it listens, and can wait for a line.
 */
async function runProcess(
  environment: Record<string, string>,
  use: (address: string, logged: (msg: string) => Promise<Line>) => Promise<void>,
): Promise<Line[]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PORT: '0', DATA_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const closed = once(child, 'close');
  const lines: Line[] = [];
  const stdout = createInterface({ input: child.stdout! });
  stdout.on('line', (line) => lines.push(JSON.parse(line)));
  const logged = async (msg: string): Promise<Line> => {
    for (;;) {
      const found = lines.find((line) => line['msg'] === msg);
      if (found) return found;
      await once(stdout, 'line');
    }
  };
  try {
    const [{ address }] = (await once(child, 'message')) as [{ address: string }];
    await use(address, logged);
  } finally {
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  }
  return lines;
}

async function callOnce(address: string): Promise<void> {
  const channel = openChannel(address);
  const catalog = createClient(CatalogDefinition, channel);
  await expect(catalog.getProduct({ sku: 'NONE-SUCH' })).rejects.toThrow();
  channel.close();
}

it('counts its calls for Prometheus at METRICS_PORT, and logs where', async () => {
  await runProcess({ METRICS_PORT: '0' }, async (address, logged) => {
    await callOnce(address);
    const { url } = (await logged('metrics')) as { url: string };
    const text = await (await fetch(url)).text();
    expect(text).toContain(
      'grpc_server_handled_total{grpc_type="unary",grpc_service="shop.catalog.v1.Catalog",grpc_method="GetProduct",grpc_code="NOT_FOUND"} 1\n',
    );
  });
});

it('sends its spans to a collector before it ends, and names their trace in its log', async () => {
  const received = Promise.withResolvers<{ request: IncomingMessage; body: string }>();
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    received.resolve({ request, body: Buffer.concat(chunks).toString('latin1') });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;

  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=hidden,deployment.environment.name=spec',
    OTEL_SERVICE_NAME: 'catalog-of-spec',
  };
  const lines = await runProcess(environment, callOnce);
  const { request, body } = await received.promise;
  collector.closeAllConnections();
  collector.close();

  expect(request.url).toBe('/v1/traces');
  expect(body).toContain('shop.catalog.v1.Catalog/GetProduct');
  expect(body).toContain('deployment.environment.name');
  expect(body).toContain('catalog-of-spec');
  expect(body).not.toContain('hidden');
  const line = lines.find(({ msg }) => msg === 'call') as { trace_id: string };
  expect(body).toContain(Buffer.from(line.trace_id, 'hex').toString('latin1'));
});
