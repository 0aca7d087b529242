import {
  readConfig,
  type AroundWork,
  type ClientInterceptor,
  type HostInterceptor,
  type Logger,
  type ServiceExtension,
} from '@trivium/rpc';
import { telemetryVariables, tracesExporter, type TelemetryConfig } from './variables.ts';

/** What stands around calls to measure and trace them; without anything while it is off. */
export interface Telemetry {
  /** For the calls that a host serves. */
  readonly host: readonly HostInterceptor[];
  /** For the calls that clients make. */
  readonly client: readonly ClientInterceptor[];
  /** For attempts at durable work; where there are traces. */
  readonly aroundWork?: AroundWork;
  /** What a line of a log says of the trace that it belongs to; where there are traces. */
  readonly logFields?: () => object;
  /** Sends the spans that were not sent yet, and stops to serve metrics. */
  close(): Promise<void>;
}

/** Whose telemetry it is. */
export interface TelemetryOptions {
  /** What it is called in traces, unless OTEL_SERVICE_NAME says so. */
  readonly name: string;
  /** Where metrics are served. Default 127.0.0.1. */
  readonly host?: string;
  readonly log: Logger;
}

/**
 * Metrics and traces of a service, as its environment wants them: for `extensions` of `runService`.
 * While both are off nothing of them is loaded, and nothing stands around a call.
 */
export const telemetry: ServiceExtension<typeof telemetryVariables> = {
  variables: telemetryVariables,
  async start(config, { name, host, log }) {
    const started = await startTelemetry(config, { name, host, log });
    return {
      interceptors: started.host,
      clientInterceptors: started.client,
      aroundWork: started.aroundWork,
      logFields: started.logFields,
      close: started.close,
    };
  },
};

/**
 * Creates the telemetry of a program that is not run by `runService`, from its environment. Rejects
 * with a StartError that names every variable that is wrong, or for a METRICS_PORT that is in use.
 */
export async function createTelemetry(
  environment: Readonly<Record<string, string | undefined>>,
  options: TelemetryOptions,
): Promise<Telemetry> {
  return startTelemetry(readConfig({ variables: telemetryVariables }, environment), options);
}

async function startTelemetry(
  config: TelemetryConfig,
  { name, host = '127.0.0.1', log }: TelemetryOptions,
): Promise<Telemetry> {
  const parts: Telemetry[] = [];
  const exporter = tracesExporter(config);
  if (config.METRICS_PORT !== undefined) {
    const { startMetrics } = await import('./metrics/start-metrics.ts');
    parts.push(await startMetrics({ host, port: config.METRICS_PORT, log }));
  }
  if (exporter !== undefined) {
    const { createProcessor, startTracing } = await import('./tracing/start-tracing.ts');
    const { createSampler } = await import('./tracing/sampler.ts');
    parts.push(
      startTracing({
        name,
        processor: await createProcessor(exporter),
        sampler: createSampler(config.OTEL_TRACES_SAMPLER, config.OTEL_TRACES_SAMPLER_ARG),
        log,
      }),
    );
  }
  return {
    host: parts.flatMap((part) => part.host),
    client: parts.flatMap((part) => part.client),
    aroundWork: parts.find((part) => part.aroundWork)?.aroundWork,
    logFields: parts.find((part) => part.logFields)?.logFields,
    async close() {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}
