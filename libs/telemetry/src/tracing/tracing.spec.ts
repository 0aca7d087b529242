import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, createClient, createLogger, detached, openChannel, RpcError } from '@trivium/rpc';
import { pino } from 'pino';
import { lastValueFrom, take, toArray } from 'rxjs';
import { anOrder, startTwoHosts, type TwoHosts, type TwoHostsOptions } from '../spec/two-hosts.ts';
import type { Telemetry } from '../telemetry.ts';
import { startTracing } from './start-tracing.ts';

const GET_SHIPMENT = 'shop.fulfillment.v1.Fulfillment/GetShipment';
const FULFILL = 'shop.fulfillment.v1.Fulfillment/Fulfill';
const GET_PRODUCT = 'shop.catalog.v1.Catalog/GetProduct';

let exporter: InMemorySpanExporter;
let tracing: Telemetry;
let hosts: TwoHosts;

afterEach(async () => {
  await hosts.close();
  await tracing.close();
});

async function start(
  options: Omit<TwoHostsOptions, 'telemetry'> = {},
  sampler = new AlwaysOnSampler(),
): Promise<void> {
  exporter = new InMemorySpanExporter();
  tracing = startTracing({
    name: 'spec',
    processor: new SimpleSpanProcessor({ exporter }),
    sampler,
    log: createLogger({ name: 'spec', level: 'silent' }),
  });
  hosts = await startTwoHosts({ telemetry: tracing, ...options });
}

/** The spans that have ended, by where they stand: each below its parent. */
function tree(): string[] {
  const spans = exporter.getFinishedSpans();
  const below = (parentId: string | undefined, depth: number): string[] =>
    spans
      .filter((span) => span.parentSpanContext?.spanId === parentId)
      .flatMap((span) => [
        `${'  '.repeat(depth)}${SpanKind[span.kind]} ${span.name}`,
        ...below(span.spanContext().spanId, depth + 1),
      ]);
  return below(undefined, 0);
}

function spanOf(name: string, kind: SpanKind): ReadableSpan {
  const span = exporter.getFinishedSpans().find((each) => each.name === name && each.kind === kind);
  if (!span) throw new Error(`no ${SpanKind[kind]} span ${name}`);
  return span;
}

it('makes one trace of a call and of the calls that its handler makes', async () => {
  await start();
  await hosts.fulfillment.getShipment({ orderId: 'o-1' });
  expect(tree()).toEqual([
    `CLIENT ${GET_SHIPMENT}`,
    `  SERVER ${GET_SHIPMENT}`,
    `    CLIENT ${GET_PRODUCT}`,
    `      SERVER ${GET_PRODUCT}`,
  ]);
  const traceIds = exporter.getFinishedSpans().map((span) => span.spanContext().traceId);
  expect(new Set(traceIds).size).toBe(1);
});

it('keeps calls that are served at the same time apart', async () => {
  const bothAreIn = Promise.withResolvers<void>();
  let inside = 0;
  await start({
    async getProduct() {
      inside += 1;
      if (inside === 2) bothAreIn.resolve();
      await bothAreIn.promise;
    },
  });
  await Promise.all([1, 2].map((n) => hosts.fulfillment.getShipment({ orderId: `o-${n}` })));
  const one = [
    `CLIENT ${GET_SHIPMENT}`,
    `  SERVER ${GET_SHIPMENT}`,
    `    CLIENT ${GET_PRODUCT}`,
    `      SERVER ${GET_PRODUCT}`,
  ];
  expect(tree()).toEqual([...one, ...one]);
});

it('says what a call was, in the words of the conventions for gRPC', async () => {
  await start();
  await hosts.fulfillment.getShipment({ orderId: 'o-1' });
  const [host, port] = hosts.address.split(':');
  expect(spanOf(GET_SHIPMENT, SpanKind.CLIENT).attributes).toEqual({
    'rpc.system.name': 'grpc',
    'rpc.method': GET_SHIPMENT,
    'server.address': host,
    'server.port': Number(port),
    'rpc.status_code': 'OK',
  });
  const { attributes, status, resource } = spanOf(GET_SHIPMENT, SpanKind.SERVER);
  expect(attributes).toEqual({
    'rpc.system.name': 'grpc',
    'rpc.method': GET_SHIPMENT,
    'client.address': '127.0.0.1',
    'client.port': expect.any(Number),
    'rpc.status_code': 'OK',
  });
  expect(status.code).toBe(SpanStatusCode.UNSET);
  expect(resource.attributes).toMatchObject({
    'service.name': 'spec',
    'telemetry.sdk.language': 'nodejs',
  });
});

it('takes whatever is not OK as an error of the client, and faults alone as one of the host', async () => {
  await start({
    async getProduct() {
      throw new RpcError(Code.UNAVAILABLE, 'closed today');
    },
  });
  await expect(hosts.fulfillment.getShipment({ orderId: 'o-0' })).rejects.toThrow();
  await expect(hosts.catalog.getProduct({ sku: 'MUG-1' })).rejects.toThrow();

  const error = (code: string) => ({ 'rpc.status_code': code, 'error.type': code });
  const client = spanOf(GET_SHIPMENT, SpanKind.CLIENT);
  expect(client.attributes).toMatchObject(error('NOT_FOUND'));
  expect(client.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such order' });

  const refusing = spanOf(GET_SHIPMENT, SpanKind.SERVER);
  expect(refusing.attributes).toMatchObject({ 'rpc.status_code': 'NOT_FOUND' });
  expect(refusing.attributes).not.toHaveProperty('error.type');
  expect(refusing.status.code).toBe(SpanStatusCode.UNSET);

  const failing = spanOf(GET_PRODUCT, SpanKind.SERVER);
  expect(failing.attributes).toMatchObject(error('UNAVAILABLE'));
  expect(failing.status.code).toBe(SpanStatusCode.ERROR);
});

it('ends the span of a stream with the stream, and has what it calls in between below it', async () => {
  await start();
  await lastValueFrom(hosts.fulfillment.fulfill(anOrder).pipe(toArray()));
  expect(tree()).toEqual([
    `CLIENT ${FULFILL}`,
    `  SERVER ${FULFILL}`,
    `    CLIENT ${GET_PRODUCT}`,
    `      SERVER ${GET_PRODUCT}`,
    `    CLIENT ${GET_PRODUCT}`,
    `      SERVER ${GET_PRODUCT}`,
  ]);
});

it('has a span of a call that its host refuses, too', async () => {
  const isIn = Promise.withResolvers<void>();
  const mayLeave = Promise.withResolvers<void>();
  await start({
    maxInFlight: 1,
    async getProduct() {
      isIn.resolve();
      await mayLeave.promise;
    },
  });
  const served = hosts.catalog.getProduct({ sku: 'MUG-1' });
  await isIn.promise;
  await expect(hosts.catalog.getProduct({ sku: 'MUG-1' })).rejects.toThrow();
  expect(tree()).toEqual([`CLIENT ${GET_PRODUCT}`, `  SERVER ${GET_PRODUCT}`]);
  expect(spanOf(GET_PRODUCT, SpanKind.SERVER).attributes).toMatchObject({
    'rpc.status_code': 'RESOURCE_EXHAUSTED',
  });
  mayLeave.resolve();
  await served;
});

it('ends the span of a stream that is unsubscribed', async () => {
  await start();
  await lastValueFrom(hosts.fulfillment.fulfill(anOrder).pipe(take(1)));
  expect(spanOf(FULFILL, SpanKind.CLIENT).attributes).toMatchObject({
    'rpc.status_code': 'CANCELLED',
  });
});

it('keeps detached work in the trace of the call that has started it', async () => {
  const finished = Promise.withResolvers<void>();
  await start({
    async getShipment(catalog) {
      detached(() => void catalog.getProduct({ sku: 'MUG-1' }).then(() => finished.resolve()));
    },
  });
  await hosts.fulfillment.getShipment({ orderId: 'o-1' });
  await finished.promise;
  expect(tree()).toContain(`    CLIENT ${GET_PRODUCT}`);
});

it('takes spans of a handler itself, and those of its caller, into the trace', async () => {
  const tracer = trace.getTracer('spec');
  await start({
    getShipment: (catalog) =>
      tracer.startActiveSpan('look up', async (span) => {
        await catalog.getProduct({ sku: 'MUG-1' });
        span.end();
      }),
  });
  await tracer.startActiveSpan('order', async (span) => {
    await hosts.fulfillment.getShipment({ orderId: 'o-1' });
    span.end();
  });
  expect(tree()).toEqual([
    'INTERNAL order',
    `  CLIENT ${GET_SHIPMENT}`,
    `    SERVER ${GET_SHIPMENT}`,
    '      INTERNAL look up',
    `        CLIENT ${GET_PRODUCT}`,
    `          SERVER ${GET_PRODUCT}`,
  ]);
});

it('goes on with the trace of a caller of another kind, with its state', async () => {
  let sent: string[] = [];
  await start({
    async getProduct(_, { metadata }) {
      sent = ['traceparent', 'tracestate'].map((key) => String(metadata.get(key)));
    },
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const channel = openChannel(hosts.address);
  const bare = createClient(FulfillmentDefinition, channel);
  await bare.getShipment(
    { orderId: 'o-1' },
    { metadata: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=1' } },
  );
  channel.close();
  expect(sent[0]).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(sent[1]).toBe('vendor=1');
  expect(spanOf(GET_SHIPMENT, SpanKind.SERVER).parentSpanContext).toMatchObject({
    traceId,
    spanId: 'b7ad6b7169203331',
    isRemote: true,
  });
});

it('begins a trace of its own where a traceparent is none', async () => {
  await start();
  await hosts.fulfillment.getShipment(
    { orderId: 'o-1' },
    { metadata: { traceparent: '00-zz-1-01' } },
  );
  expect(tree()[0]).toBe(`CLIENT ${GET_SHIPMENT}`);
});

it('hands on the decision not to record, too', async () => {
  let traceparent = '';
  await start(
    {
      async getProduct(_, { metadata }) {
        traceparent = String(metadata.get('traceparent'));
      },
    },
    new AlwaysOffSampler(),
  );
  await hosts.fulfillment.getShipment({ orderId: 'o-1' });
  expect(traceparent).toMatch(/-00$/);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

it('says in each line of a log which trace it belongs to', async () => {
  let fields: object | undefined;
  await start({
    async getProduct() {
      fields = tracing.logFields?.();
    },
  });
  await hosts.fulfillment.getShipment({ orderId: 'o-1' });
  const { traceId, spanId } = spanOf(GET_PRODUCT, SpanKind.SERVER).spanContext();
  expect(fields).toEqual({ trace_id: traceId, span_id: spanId });
  expect(tracing.logFields?.()).toEqual({});
});

it('says it in the line of a call that its deadline has ended, too', async () => {
  const lines: Record<string, unknown>[] = [];
  const isLogged = Promise.withResolvers<void>();
  const write = (text: string) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    if (lines.push(line) && line['msg'] === 'call' && line['code'] !== 'OK') isLogged.resolve();
  };
  const hangs = Promise.withResolvers<void>();
  const log = pino({ mixin: () => tracing.logFields?.() ?? {} }, { write });
  await start({
    getProduct: ({ sku }) => (sku === 'HANGS' ? hangs.promise : Promise.resolve()),
    log,
  });
  // So that the other one does not lose its time to connecting.
  await hosts.catalog.getProduct({ sku: 'MUG-1' });
  exporter.reset();
  await expect(hosts.catalog.getProduct({ sku: 'HANGS' }, { timeoutMs: 500 })).rejects.toThrow();
  await isLogged.promise;
  hangs.resolve();
  const { traceId } = spanOf(GET_PRODUCT, SpanKind.SERVER).spanContext();
  // Whichever end notices first: the caller cancels what it has no time for.
  const code = expect.stringMatching(/^(DEADLINE_EXCEEDED|CANCELLED)$/);
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'call', code, trace_id: traceId }));
});
