import type { Logger } from '@trivium/rpc';
import type { Telemetry } from '../telemetry.ts';
import { createCallMetrics } from './call-metrics.ts';
import { countMade, countServed } from './interceptors.ts';
import { serveMetrics } from './metrics-endpoint.ts';
import { createRegistry } from './registry.ts';

/** Counts the calls of both sides, and serves what was counted to Prometheus. */
export async function startMetrics(options: {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}): Promise<Telemetry> {
  const served = createCallMetrics('server');
  const made = createCallMetrics('client');
  const endpoint = await serveMetrics(createRegistry([served, made]), options);
  options.log.info({ url: endpoint.url }, 'metrics');
  return {
    host: [countServed(served)],
    client: [countMade(made)],
    close: () => endpoint.close(),
  };
}
