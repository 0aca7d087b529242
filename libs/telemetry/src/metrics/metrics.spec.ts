import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Code, createLogger, RpcError } from '@trivium/rpc';
import { lastValueFrom, take, toArray } from 'rxjs';
import { anOrder, startTwoHosts, type TwoHosts, type TwoHostsOptions } from '../spec/two-hosts.ts';
import { createTelemetry, type Telemetry } from '../telemetry.ts';

const GET_SHIPMENT =
  'grpc_type="unary",grpc_service="shop.fulfillment.v1.Fulfillment",grpc_method="GetShipment"';
const FULFILL =
  'grpc_type="server_stream",grpc_service="shop.fulfillment.v1.Fulfillment",grpc_method="Fulfill"';
const GET_PRODUCT =
  'grpc_type="unary",grpc_service="shop.catalog.v1.Catalog",grpc_method="GetProduct"';

let telemetry: Telemetry;
let hosts: TwoHosts | undefined;
let url: string;

/** A log, and the URL that it has been told of. */
function listen() {
  const log = createLogger({ name: 'spec', level: 'silent' });
  log.info = (fields: unknown) => {
    url = (fields as { url: string }).url;
  };
  return log;
}

beforeEach(async () => {
  telemetry = await createTelemetry({ METRICS_PORT: '0' }, { name: 'spec', log: listen() });
});

afterEach(async () => {
  await hosts?.close();
  await telemetry.close();
  hosts = undefined;
});

async function start(options: Omit<TwoHostsOptions, 'telemetry'> = {}): Promise<TwoHosts> {
  return (hosts = await startTwoHosts({ telemetry, ...options }));
}

/** The samples that are served, by their names with their labels. */
async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

it('counts the calls of both sides, by method and code', async () => {
  const { fulfillment } = await start();
  await fulfillment.getShipment({ orderId: 'o-1' });
  await fulfillment.getShipment({ orderId: 'o-2' });
  await expect(fulfillment.getShipment({ orderId: 'o-0' })).rejects.toThrow();
  await expect(fulfillment.getShipment({})).rejects.toThrow();
  const samples = await scrape();
  for (const side of ['server', 'client']) {
    const handled = `grpc_${side}_handled_total`;
    expect(samples.get(`grpc_${side}_started_total{${GET_SHIPMENT}}`)).toBe(4);
    expect(samples.get(`${handled}{${GET_SHIPMENT},grpc_code="OK"}`)).toBe(2);
    expect(samples.get(`${handled}{${GET_SHIPMENT},grpc_code="NOT_FOUND"}`)).toBe(1);
    expect(samples.get(`${handled}{${GET_SHIPMENT},grpc_code="INVALID_ARGUMENT"}`)).toBe(1);
    expect(samples.get(`${handled}{${GET_PRODUCT},grpc_code="OK"}`)).toBe(2);
  }
});

it('has a histogram of how long calls took, in seconds', async () => {
  const { fulfillment } = await start();
  await fulfillment.getShipment({ orderId: 'o-1' });
  await fulfillment.getShipment({ orderId: 'o-2' });
  const samples = await scrape();
  const labels = `${GET_SHIPMENT},grpc_code="OK"`;
  const name = 'grpc_server_handling_seconds';
  const buckets = [...samples]
    .filter(([key]) => key.startsWith(`${name}_bucket`) && key.endsWith(`${labels}}`))
    .map(([, value]) => value);
  expect(buckets).toHaveLength(15);
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
  expect(samples.get(`${name}_bucket{le="+Inf",${labels}}`)).toBe(2);
  expect(samples.get(`${name}_count{${labels}}`)).toBe(2);
  const sumS = samples.get(`${name}_sum{${labels}}`)!;
  expect(sumS).toBeGreaterThan(0);
  expect(sumS).toBeLessThan(20);
});

it('has a gauge of the calls in flight, which returns to 0 however they end', async () => {
  const isIn = Promise.withResolvers<void>();
  const mayLeave = Promise.withResolvers<void>();
  const { fulfillment, catalog } = await start({
    async getProduct({ sku }) {
      isIn.resolve();
      await mayLeave.promise;
      if (sku === 'BROKEN') throw new RpcError(Code.INTERNAL, 'broken');
    },
  });
  const inFlight = async () => {
    const samples = await scrape();
    return ['server', 'client'].map((side) =>
      samples.get(`grpc_${side}_in_flight{${GET_PRODUCT}}`),
    );
  };
  const broken = catalog.getProduct({ sku: 'BROKEN' });
  await isIn.promise;
  expect(await inFlight()).toEqual([1, 1]);
  const late = catalog.getProduct({ sku: 'MUG-1' }, { timeoutMs: 1 });
  await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  mayLeave.resolve();
  await expect(broken).rejects.toMatchObject({ code: Code.INTERNAL });
  await lastValueFrom(fulfillment.fulfill(anOrder).pipe(take(1)));
  await hosts!.close();
  hosts = undefined;
  expect(await inFlight()).toEqual([0, 0]);
  const samples = await scrape();
  expect(samples.get(`grpc_server_in_flight{${FULFILL}}`)).toBe(0);
  expect(samples.get(`grpc_client_in_flight{${FULFILL}}`)).toBe(0);
});

it('counts the calls that a host refuses', async () => {
  const isIn = Promise.withResolvers<void>();
  const mayLeave = Promise.withResolvers<void>();
  const { catalog } = await start({
    maxInFlight: 1,
    async getProduct() {
      isIn.resolve();
      await mayLeave.promise;
    },
  });
  const served = catalog.getProduct({ sku: 'MUG-1' });
  await isIn.promise;
  const refused = catalog.getProduct({ sku: 'MUG-1' });
  await expect(refused).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  mayLeave.resolve();
  await served;
  const samples = await scrape();
  const handled = `grpc_server_handled_total{${GET_PRODUCT}`;
  expect(samples.get(`${handled},grpc_code="RESOURCE_EXHAUSTED"}`)).toBe(1);
  expect(samples.get(`${handled},grpc_code="OK"}`)).toBe(1);
  expect(samples.get(`grpc_server_in_flight{${GET_PRODUCT}}`)).toBe(0);
});

it('counts a stream once, when it has ended', async () => {
  const { fulfillment } = await start();
  await lastValueFrom(fulfillment.fulfill(anOrder).pipe(toArray()));
  const samples = await scrape();
  expect(samples.get(`grpc_server_handled_total{${FULFILL},grpc_code="OK"}`)).toBe(1);
  expect(samples.get(`grpc_client_handled_total{${FULFILL},grpc_code="OK"}`)).toBe(1);
});

it('serves them as text that Prometheus reads, with those of the process', async () => {
  const response = await fetch(`${url}?now`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('# TYPE grpc_server_handling_seconds histogram\n');
  expect(text).toContain('\nprocess_cpu_seconds_total ');
  expect(text.endsWith('\n')).toBe(true);
});

it('serves nothing else', async () => {
  const { origin } = new URL(url);
  const statusOf = async (path: string, method: string) =>
    (await fetch(origin + path, { method })).status;
  expect(await statusOf('/', 'GET')).toBe(404);
  expect(await statusOf('/metrics/more', 'GET')).toBe(404);
  expect(await statusOf('/metrics', 'POST')).toBe(405);
  expect(await statusOf('/metrics', 'HEAD')).toBe(200);
});

it('says in one line that its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const second = createTelemetry(
    { METRICS_PORT: String(port) },
    { name: 'spec', log: createLogger({ name: 'spec', level: 'silent' }) },
  );
  await expect(second).rejects.toMatchObject({
    name: 'StartError',
    message: `cannot serve metrics at 127.0.0.1:${port} (METRICS_PORT): the port is in use`,
  });
  other.close();
});
