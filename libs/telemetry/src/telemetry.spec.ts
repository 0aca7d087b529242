import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createLogger } from '@trivium/rpc';
import { createTelemetry } from './telemetry.ts';

const program = new URL('./spec/loaded-modules.ts', import.meta.url).pathname;
const log = createLogger({ name: 'spec', level: 'silent' });

/** What a process has after it has created its telemetry: interceptors, and modules of others. */
async function started(environment: Record<string, string>) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program],
    { env: environment },
  );
  return JSON.parse(stdout.split('\n').at(-2)!) as {
    host: number;
    client: number;
    modules: string[];
  };
}

const refusal = (environment: Record<string, string>) =>
  createTelemetry(environment, { name: 'spec', log }).catch((error: Error) => error.message);

it('loads nothing and stands around nothing while it is off', async () => {
  expect(await started({})).toEqual({ host: 0, client: 0, modules: [] });
});

it('is off by OTEL_SDK_DISABLED and by the exporter none, whatever else is set', async () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  const off = { host: 0, client: 0, modules: [] };
  expect(await started({ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' })).toEqual(off);
  expect(await started({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toEqual(off);
});

it('loads for metrics only what they need', async () => {
  expect(await started({ METRICS_PORT: '0' })).toEqual({
    host: 1,
    client: 1,
    modules: ['@opentelemetry/api', 'prom-client'],
  });
});

it('traces as soon as there is an endpoint', async () => {
  const { host, client, modules } = await started({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces',
  });
  expect([host, client]).toEqual([1, 1]);
  expect(modules).toContain('@opentelemetry/exporter-trace-otlp-proto');
  expect(modules).not.toContain('prom-client');
});

it('loads no exporter but the one that is asked for', async () => {
  const { modules } = await started({ OTEL_TRACES_EXPORTER: 'console' });
  expect(modules).toContain('@opentelemetry/sdk-trace');
  expect(modules).not.toContain('@opentelemetry/exporter-trace-otlp-proto');
});

it.each([
  ['METRICS_PORT', 'http', 'must be a number from 0 to 65535'],
  ['METRICS_PORT', '65536', 'must be a number from 0 to 65535'],
  ['OTEL_TRACES_EXPORTER', 'zipkin', 'must be one of otlp, console, none'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'must be an http:// or https:// URL'],
  [
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'grpc',
    'must be http/protobuf, the one protocol that is built in',
  ],
  ['OTEL_SDK_DISABLED', 'yes', 'must be true or false'],
  [
    'OTEL_TRACES_SAMPLER',
    'sometimes',
    'must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
  ],
  ['OTEL_TRACES_SAMPLER_ARG', '2', 'must be a number from 0 to 1'],
  ['OTEL_TRACES_SAMPLER_ARG', 'half', 'must be a number from 0 to 1'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'test', 'must be name=value, separated by commas'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'share=50%', 'must be percent-encoded'],
])('says that %s cannot be %s', async (name, value, reason) => {
  expect(await refusal({ [name]: value })).toBe(`bad environment: ${name} ${reason}`);
});

it('names all that is wrong at once', async () => {
  expect(await refusal({ METRICS_PORT: '-1', OTEL_SDK_DISABLED: '1' })).toBe(
    'bad environment: METRICS_PORT must be a number from 0 to 65535; OTEL_SDK_DISABLED must be true or false',
  );
});
