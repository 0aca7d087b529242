import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import { TracerProvider, type Sampler, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { Logger } from '@trivium/rpc';
import type { Telemetry } from '../telemetry.ts';
import { createContextManager } from './context-manager.ts';
import { traceMade, traceServed } from './interceptors.ts';
import { traceWork } from './work.ts';
import { logFieldsOf, type CallSpans } from './log-fields.ts';

/** How long the last spans may take to leave: a collector that is down must not hold up a stop. */
const FLUSH_TIMEOUT_MS = 2_000;

/** How the calls of a process are traced. */
export interface TracingOptions {
  /** What the service is called in its traces, unless OTEL_SERVICE_NAME says so. */
  readonly name: string;
  /** Where spans go when they have ended. */
  readonly processor: SpanProcessor;
  readonly sampler: Sampler;
  readonly log: Logger;
}

/**
 * Starts to trace the calls of this process. What it sets up is the global one of
 * `@opentelemetry/api`, so that spans which a handler makes by itself belong to those of its calls.
 * Closing it sends what has ended and was not sent yet.
 */
export function startTracing({ name, processor, sampler, log }: TracingOptions): Telemetry {
  diag.setLogger(toLog(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const provider = new TracerProvider({
    sampler,
    spanProcessors: [processor],
    // The last one that names an attribute wins, as the specification of OpenTelemetry wants it.
    resource: defaultResource()
      .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: name }))
      .merge(
        detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }),
      ),
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(createContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const spans: CallSpans = new Map();
  const tracer = provider.getTracer('@trivium/telemetry');
  return {
    host: [traceServed(tracer, spans)],
    client: [traceMade(tracer)],
    aroundWork: traceWork(tracer),
    logFields: logFieldsOf(spans),
    async close() {
      await withinLimit(provider.shutdown(), log);
      trace.disable();
      context.disable();
      propagation.disable();
      diag.disable();
    },
  };
}

/** Where spans go by the name of OTEL_TRACES_EXPORTER; the SDK reads the rest of `OTEL_EXPORTER_OTLP_*`. */
export async function createProcessor(exporter: 'otlp' | 'console'): Promise<SpanProcessor> {
  if (exporter === 'console') {
    return new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() });
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
}

async function withinLimit(flushed: Promise<void>, log: Logger): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    log.warn('the last spans could not be sent in time');
    late.resolve();
  }, FLUSH_TIMEOUT_MS);
  try {
    await Promise.race([flushed, late.promise]);
  } catch (err) {
    log.warn({ err }, 'the last spans could not be sent');
  } finally {
    clearTimeout(timer);
  }
}

function toLog(log: Logger) {
  const at =
    (level: 'error' | 'warn' | 'debug') =>
    (...words: unknown[]) =>
      log[level]({ from: 'opentelemetry' }, words.join(' '));
  return {
    error: at('warn'),
    warn: at('warn'),
    info: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
  };
}
