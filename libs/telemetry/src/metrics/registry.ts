import { codeName } from '@trivium/rpc';
import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';
import {
  BUCKETS_S,
  type CallMetrics,
  type EndedCalls,
  type MethodMetrics,
} from './call-metrics.ts';

type Labels = Readonly<Record<string, string | number>>;

/** One line of a metric; its name where it is not the metric's own. */
interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly metricName?: string;
}

/** A metric whose samples are made when somebody asks for them. */
interface SampledMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  samples(): Iterable<Sample>;
}

/**
 * Creates a registry of the counted calls of both sides, and of the process itself (CPU, memory, event
 * loop, garbage collection). The names are those of go-grpc-prometheus.
 */
export function createRegistry(sides: readonly CallMetrics[]): Registry {
  const registry = new Registry();
  for (const side of sides) {
    for (const metric of metricsOf(side)) registry.registerMetric(asMetric(metric));
  }
  collectDefaultMetrics({ register: registry });
  return registry;
}

function metricsOf({ side, methods }: CallMetrics): SampledMetric[] {
  const verb = side === 'server' ? 'served' : 'made';
  const durations = `grpc_${side}_handling_seconds`;
  return [
    {
      name: `grpc_${side}_started_total`,
      help: `How many calls were ${verb}, ended or not.`,
      type: 'counter',
      *samples() {
        for (const method of methods.values()) {
          yield { labels: labelsOf(method), value: method.startedCount };
        }
      },
    },
    {
      name: `grpc_${side}_handled_total`,
      help: `How many calls that were ${verb} have ended, by the code that they ended with.`,
      type: 'counter',
      *samples() {
        for (const [labels, { count }] of endedOf(methods)) yield { labels, value: count };
      },
    },
    {
      name: `grpc_${side}_in_flight`,
      help: `How many calls are being ${verb}.`,
      type: 'gauge',
      *samples() {
        for (const method of methods.values()) {
          yield { labels: labelsOf(method), value: method.inFlightCount };
        }
      },
    },
    {
      name: durations,
      help: `How many seconds calls that were ${verb} took until they ended.`,
      type: 'histogram',
      *samples() {
        for (const [labels, ended] of endedOf(methods)) yield* histogram(durations, labels, ended);
      },
    },
  ];
}

function* endedOf(methods: CallMetrics['methods']): Generator<[Labels, EndedCalls]> {
  for (const method of methods.values()) {
    for (const [code, ended] of method.ended) {
      yield [{ ...labelsOf(method), grpc_code: codeName(code) }, ended];
    }
  }
}

function labelsOf({ type, service, method }: MethodMetrics): Labels {
  return { grpc_type: type, grpc_service: service, grpc_method: method };
}

function* histogram(name: string, labels: Labels, ended: EndedCalls): Generator<Sample> {
  let upToHere = 0;
  for (const [index, le] of [...BUCKETS_S, '+Inf'].entries()) {
    upToHere += ended.buckets[index]!;
    yield { metricName: `${name}_bucket`, labels: { le, ...labels }, value: upToHere };
  }
  yield { metricName: `${name}_sum`, labels, value: ended.sumS };
  yield { metricName: `${name}_count`, labels, value: ended.count };
}

/**
 * A registry asks for no more than this. Its own metrics hash their labels in each call, which costs
 * more than all the rest of counting.
 */
function asMetric({ name, help, type, samples }: SampledMetric): Metric {
  const get = async () => ({ name, help, type, values: [...samples()], aggregator: 'sum' });
  return { name, help, type, aggregator: 'sum', get } as unknown as Metric;
}
