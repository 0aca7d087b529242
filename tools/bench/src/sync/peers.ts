import type { ChannelOptions } from '@trivium/rpc';
import type { PeerModule } from './peer.ts';

/** Which server a peer calls. */
export type ServerName = 'grpc-js' | 'http2';

/** A client that is compared with others. */
export interface PeerEntry {
  readonly title: string;
  readonly server: ServerName;
  /** Loads its library, in the process that it has for itself. */
  readonly load: () => Promise<PeerModule>;
}

/** The titles of the base, and of its second instance. */
export const BASE = 'raw grpc-js';
export const SECOND_BASE = 'raw grpc-js, again';
export const ONE_CHANNEL = 'trivium, one channel';
export const DEFAULT_POOL = 'trivium, default pool';

const entry = (
  title: string,
  load: () => Promise<PeerModule>,
  server: ServerName = 'grpc-js',
): PeerEntry => ({ title, load, server });

const triviumOn = (options: ChannelOptions) => async () =>
  (await import('./peers/trivium.ts')).trivium(options);

/**
 * All that are compared, in the order in which they take turns: the two bases as far from each other
 * as can be, so that what disturbs one of them shows.
 */
export const peers: readonly PeerEntry[] = [
  entry(BASE, () => import('./peers/grpc-js.ts')),
  entry(ONE_CHANNEL, triviumOn({ connections: 1 })),
  entry('nice-grpc', () => import('./peers/nice-grpc.ts')),
  entry('Connect-Node', () => import('./peers/connect-node.ts')),
  entry(SECOND_BASE, () => import('./peers/grpc-js.ts')),
  entry(DEFAULT_POOL, triviumOn({})),
  entry('NestJS', () => import('./peers/nestjs.ts')),
  entry('raw node:http2', () => import('./peers/http2.ts'), 'http2'),
];
