import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Logger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { closeIfSilent } from './preface-timeout.ts';

/** A TCP listener and the connections that it has accepted. */
export interface Listener {
  /** What it listens at, `host:port`, with the port that it really has. */
  readonly address: string;
  /** Accepts no further connection. Resolves once every accepted one is closed. */
  close(): Promise<void>;
  /** Breaks every connection. */
  destroyConnections(): void;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not',
  ENOTFOUND: 'the host name is unknown',
};

/**
 * Listens at `host:port`; port 0 is any free one. Rejects with a StartError that says why when it
 * cannot.
 */
export async function listen(
  address: string,
  options: { readonly log: Logger; readonly onConnection: (socket: Socket) => void },
): Promise<Listener> {
  const { host, port } = parseAddress(address);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A connection that breaks is its calls' business, and never the process's.
    socket.on('error', () => undefined);
    closeIfSilent(socket);
    options.onConnection(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''] ?? error.message;
      reject(new StartError(`cannot listen at ${address}: ${reason}`, { cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', (err) => options.log.error({ err }, 'cannot accept a connection'));

  const bound = server.address() as AddressInfo;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyConnections() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (!host || port > 65_535)
    throw new StartError(`not an address of the form host:port: ${address}`);
  return { host, port };
}
