import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError, type Logger } from '@trivium/rpc';
import type { Registry } from 'prom-client';

/** An HTTP server that Prometheus scrapes. */
export interface MetricsEndpoint {
  /** Where the metrics are, `http://host:port/metrics`, with the port that it really has. */
  readonly url: string;
  close(): Promise<void>;
}

const METHODS = ['GET', 'HEAD'];

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not',
  ENOTFOUND: 'the host name is unknown',
};

/**
 * Serves the metrics of a registry under `/metrics` in Prometheus' text format; any other path is 404,
 * any other method 405. Rejects with a StartError when it cannot listen.
 */
export async function serveMetrics(
  registry: Registry,
  options: { readonly host: string; readonly port: number; readonly log: Logger },
): Promise<MetricsEndpoint> {
  const { host, port, log } = options;
  const server = createServer((request, response) => void answer(registry, request, response));
  const name = host.includes(':') ? `[${host}]` : host;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = reasons[code] ?? message;
    throw new StartError(`cannot serve metrics at ${name}:${port} (METRICS_PORT): ${reason}`, {
      cause: error,
    });
  }
  server.on('error', (err) => log.error({ err }, 'cannot serve metrics'));
  // A process that is about to end is not kept by those who look at it.
  server.unref();
  return {
    url: `http://${name}:${(server.address() as AddressInfo).port}/metrics`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  registry: Registry,
  { url = '', method = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.split('?', 1)[0] !== '/metrics') return refuse(response, 404);
  if (!METHODS.includes(method))
    return refuse(response.setHeader('allow', METHODS.join(', ')), 405);
  try {
    const text = await registry.metrics();
    response.writeHead(200, {
      'content-type': registry.contentType,
      'content-length': Buffer.byteLength(text),
    });
    response.end(method === 'HEAD' ? undefined : text);
  } catch {
    refuse(response, 500);
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}
