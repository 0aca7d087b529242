import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, createClient, createLogger, currentCall, openChannel, RpcError } from '@trivium/rpc';
import { startTwoHosts } from '../spec/two-hosts.ts';
import type { Telemetry } from '../telemetry.ts';
import { startTracing } from './start-tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const work = { name: 'operations/1', kind: 'hold', attempt: 2 };
const asked = { ...work, traceparent: `00-${traceId}-${spanId}-01` };

let exporter: InMemorySpanExporter;
let tracing: Telemetry;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  tracing = startTracing({
    name: 'spec',
    processor: new SimpleSpanProcessor({ exporter }),
    sampler: new AlwaysOnSampler(),
    log: createLogger({ name: 'spec', level: 'silent' }),
  });
});
afterEach(() => tracing.close());

it('links an attempt to the trace that asked for it, and stays in that trace', async () => {
  const activeId = await tracing.aroundWork!(asked, async () => {
    await Promise.resolve();
    return trace.getActiveSpan()?.spanContext().spanId;
  });
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    name: 'operation hold',
    attributes: { 'trivium.operation.name': 'operations/1', 'trivium.operation.attempt': 2 },
    links: [{ context: { traceId, spanId } }],
    parentSpanContext: { traceId, spanId },
  });
  expect(activeId).toBe(span!.spanContext().spanId);
});

it('stands below what is active, and links what asked all the same', async () => {
  await trace.getTracer('spec').startActiveSpan('outer', async (outer) => {
    await tracing.aroundWork!(asked, async () => undefined);
    outer.end();
  });
  const [span, outer] = exporter.getFinishedSpans();
  expect(span?.parentSpanContext?.spanId).toBe(outer!.spanContext().spanId);
  expect(span?.links).toMatchObject([{ context: { traceId } }]);
});

it('begins a trace for work that nobody asked for in one', async () => {
  await tracing.aroundWork!({ ...work, traceparent: 'nonsense' }, async () => undefined);
  await tracing.aroundWork!(work, async () => undefined);
  for (const span of exporter.getFinishedSpans()) {
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links).toEqual([]);
  }
});

it('says how an attempt failed, and fails as it did', async () => {
  const error = new RpcError(Code.FAILED_PRECONDITION, 'no mugs');
  const failing = tracing.aroundWork!(work, () => Promise.reject(error));
  await expect(failing).rejects.toBe(error);
  expect(exporter.getFinishedSpans()).toMatchObject([
    { status: { code: SpanStatusCode.ERROR, message: 'no mugs' } },
  ]);
});

it('is told of the trace that begins with a call, where its caller is in none', async () => {
  let traceparent: unknown;
  const hosts = await startTwoHosts({
    telemetry: tracing,
    getShipment: async () => {
      [traceparent] = currentCall()?.metadata.get('traceparent') ?? [];
    },
  });
  const channel = openChannel(hosts.address);
  await createClient(FulfillmentDefinition, channel).getShipment({ orderId: 'o-1' });
  channel.close();
  await hosts.close();
  const { traceId, spanId } = exporter.getFinishedSpans()[0]!.spanContext();
  expect(traceparent).toBe(`00-${traceId}-${spanId}-01`);
});
