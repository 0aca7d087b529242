import { createLogger } from '@trivium/rpc';
import type { PeerEntry } from './peers.ts';
import type { FeatureOptions } from './peers/trivium-feature.ts';

/** The titles of a client with nothing on, which features are compared with, and of its second instance. */
export const PLAIN = 'nothing on';
export const SECOND_PLAIN = 'nothing on, again';

const feature = (title: string, options: FeatureOptions): PeerEntry => ({
  title,
  server: 'grpc-js',
  load: async () => (await import('./peers/trivium-feature.ts')).triviumWith(options),
});

const metadata = { 'x-request-id': 'bench' };

/** Of what makes traces; where they are sent to nobody listens, for that is not what is measured. */
const traces = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

const telemetryOf = (environment: Readonly<Record<string, string>>): FeatureOptions => ({
  interceptors: async () => {
    const { createTelemetry } = await import('@trivium/telemetry');
    const log = createLogger({ name: 'bench', level: 'silent' });
    return (await createTelemetry(environment, { name: 'bench', log })).client;
  },
});

/** The features of a client, each on alone; a deadline has every call, so it is part of "nothing on". */
export const features: readonly PeerEntry[] = [
  feature(PLAIN, {}),
  feature('a deadline of its own', { callOptions: () => ({ timeoutMs: 5_000 }) }),
  feature('a signal', { callOptions: (signal) => ({ signal }) }),
  feature('metadata', { callOptions: () => ({ metadata }) }),
  feature(SECOND_PLAIN, {}),
  feature('retries, with nothing to retry', { sync: 'retries' }),
  feature('hedging, with nothing to hedge', { sync: 'hedging' }),
  feature('an interceptor that does nothing', { interceptors: () => [(next) => next] }),
  feature('metrics', telemetryOf({ METRICS_PORT: '0' })),
  feature(
    'traces, none of them recorded',
    telemetryOf({ ...traces, OTEL_TRACES_SAMPLER: 'always_off' }),
  ),
  feature(
    'traces, all of them recorded',
    telemetryOf({ ...traces, OTEL_TRACES_SAMPLER: 'always_on' }),
  ),
];
