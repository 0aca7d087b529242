import { Redis } from 'ioredis';
import { findBinary } from './find-binary.ts';
import { freePorts } from './free-port.ts';
import type { PeerServerEntry } from './peer-server.ts';
import { spawnServer } from './spawn-server.ts';

/**
 * Redis that has synced what it acknowledges. It neither writes snapshots nor rewrites its log, which
 * would cost it time now and then.
 */
export const redis: PeerServerEntry = {
  title: 'Redis',
  missing: () => (findBinary('redis-server') ? undefined : 'no redis-server on the PATH'),

  async start(folder) {
    const [port] = (await freePorts(1)) as [number];
    const settings = {
      bind: '127.0.0.1',
      port: String(port),
      dir: folder,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      'auto-aof-rewrite-percentage': '0',
      'maxmemory-policy': 'noeviction',
    };
    const { stop } = await spawnServer({
      command: findBinary('redis-server') as string,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      folder,
      probe: () => ping(port),
    });
    return { url: `redis://127.0.0.1:${port}`, stop };
  },
};

async function ping(port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: null });
  // What it says goes to whoever pings; an event without a listener would be printed as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
