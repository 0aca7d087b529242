import { Metadata } from '@grpc/grpc-js';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import {
  createLogger,
  type CallContext,
  type ClientCall,
  type ClientInterceptor,
  type HostCall,
  type HostInterceptor,
  type RpcError,
} from '@trivium/rpc';
import { createCallMetrics } from '../metrics/call-metrics.ts';
import { countMade, countServed } from '../metrics/interceptors.ts';
import { createSampler } from '../tracing/sampler.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { startTwoHosts } from './two-hosts.ts';
import type { SamplerName } from '../variables.ts';

/** A program that prints what each interceptor costs a call in microseconds of CPU: the median of rounds. */
const ROUNDS = 15;
const CALLS = 20_000;

const log = createLogger({ name: 'cost', level: 'silent' });
const service = CatalogDefinition;
const method = CatalogDefinition.methods.getProduct;
const path = `/${service.fullName}/${method.name}`;

/** As much of a call as interceptors touch. */
function aCall(): HostCall & ClientCall & { end(): void } {
  const listeners: ((error: RpcError | undefined) => void)[] = [];
  return {
    ...{ service, method, path, metadata: new Metadata(), context: {} as CallContext },
    ...{ peer: '127.0.0.1:50000', target: '127.0.0.1:50051' },
    ...{ deadline: Infinity, startedAtMs: 0, responseHeaders: undefined },
    responseTrailers: undefined,
    onEnd: (listener: (typeof listeners)[0]) => void listeners.push(listener),
    end: () => listeners.forEach((listener) => listener(undefined)),
  };
}

const reply = Promise.resolve();

async function measure(around: {
  readonly host?: HostInterceptor;
  readonly client?: ClientInterceptor;
}): Promise<number> {
  const next = () => reply;
  const make = around.client ? around.client(next) : next;
  const serve = around.host ? around.host(next) : next;
  const requests = (async function* () {})();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < CALLS; n += 1) {
      const call = aCall();
      await (around.client ? make(undefined, call) : serve(requests, call));
      call.end();
    }
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / CALLS);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

async function measureAll(): Promise<void> {
  const none = await measure({});
  const show = (name: string, costUs: number) =>
    console.log(`${name.padEnd(40)}${(costUs - none).toFixed(2).padStart(7)} µs`);

  show('metrics, host', await measure({ host: countServed(createCallMetrics('server')) }));
  show('metrics, client', await measure({ client: countMade(createCallMetrics('client')) }));
  for (const sampler of ['always_on', 'always_off'] as SamplerName[]) {
    const exporter = new InMemorySpanExporter();
    // As if each span had left: what sending costs is the exporter's affair.
    exporter.export = (_, done) => done({ code: 0 });
    const tracing = startTracing({
      name: 'cost',
      processor: new SimpleSpanProcessor({ exporter }),
      sampler: createSampler(sampler, 1),
      log,
    });
    show(`traces, host, ${sampler}`, await measure({ host: tracing.host[0] }));
    show(`traces, client, ${sampler}`, await measure({ client: tracing.client[0] }));
    await tracing.close();
  }
}

// Inside of a call that is served, as interceptors of a host are.
const off = { host: [], client: [] };
const hosts = await startTwoHosts({ telemetry: off, getShipment: measureAll });
await hosts.fulfillment.getShipment({ orderId: 'o-1' }, { timeoutMs: 3_600_000 });
await hosts.close();
