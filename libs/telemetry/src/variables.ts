import { z } from 'zod';

const EXPORTERS = ['otlp', 'console', 'none'] as const;

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** How it is decided which traces are recorded, by its name in the OpenTelemetry specification. */
export type SamplerName = (typeof SAMPLERS)[number];

const url = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:/i.test(text),
    'must be an http:// or https:// URL',
  )
  .optional();

const protocol = z
  .enum(['http/protobuf'], 'must be http/protobuf, the one protocol that is built in')
  .optional();

/**
 * The environment variables of telemetry. Those of traces have the names and the meanings of the
 * OpenTelemetry specification, except that a value which is not known is an error, not a warning.
 */
export const telemetryVariables = {
  METRICS_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
    .optional()
    .describe('The port to serve Prometheus metrics at, under /metrics; 0 is any free one'),
  OTEL_TRACES_EXPORTER: z
    .enum(EXPORTERS, `must be one of ${EXPORTERS.join(', ')}`)
    .optional()
    .describe('Where traces go: otlp, console or none; otlp where an endpoint is set, else none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.describe('The collector that traces go to, without /v1/traces'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url.describe('The whole URL that traces go to'),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.describe('How they go there: http/protobuf'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.describe('The same, for traces alone'),
  OTEL_SERVICE_NAME: z.string().optional().describe("The service's name in traces"),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    // The SDK would drop all of them for one that is wrong, and say so at debug.
    .regex(/^([^=,]+=[^=,]*)(,[^=,]+=[^=,]*)*$/, 'must be name=value, separated by commas')
    .refine(isPercentEncoded, 'must be percent-encoded')
    .optional()
    .describe('What else traces say of the service, like deployment.environment.name=test,…'),
  OTEL_SDK_DISABLED: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false'], 'must be true or false'))
    .transform((text) => text === 'true')
    .default(false)
    .describe('true switches traces off'),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS, `must be one of ${SAMPLERS.join(', ')}`)
    .default('parentbased_always_on')
    .describe('Which traces are recorded'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .transform((text) => Number(text))
    .refine((ratio) => ratio >= 0 && ratio <= 1, 'must be a number from 0 to 1')
    .default(1)
    .describe('The share of traces that a sampler with traceidratio records'),
};

function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

/** What the variables of telemetry are once read. */
export type TelemetryConfig = {
  readonly [K in keyof typeof telemetryVariables]: z.output<(typeof telemetryVariables)[K]>;
};

/** Where traces go, or undefined where none are made. */
export function tracesExporter(config: TelemetryConfig): 'otlp' | 'console' | undefined {
  if (config.OTEL_SDK_DISABLED) return undefined;
  const hasEndpoint =
    config.OTEL_EXPORTER_OTLP_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const exporter = config.OTEL_TRACES_EXPORTER ?? (hasEndpoint ? 'otlp' : 'none');
  return exporter === 'none' ? undefined : exporter;
}
