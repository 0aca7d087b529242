import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import type { PeerServerEntry } from './servers/peer-server.ts';
import { servers } from './servers/servers.ts';
import type { ServerName } from './servers/servers.ts';

/** The servers that peers need, as far as they are on this machine and start. */
export interface RunningServers {
  /** Where a server is; undefined when it does not run. */
  urlOf(name: ServerName): string | undefined;
  /** Why a server does not run; undefined for one that does. */
  missing(name: ServerName): string | undefined;
  stop(): Promise<void>;
}

/** Starts the servers that can be started. */
export async function startServers({
  names = Object.keys(servers) as ServerName[],
  newFolder,
  say,
}: {
  /** Which ones; all of them by default. */
  readonly names?: readonly ServerName[] | undefined;
  readonly newFolder: () => string;
  readonly say: (line: string) => void;
}): Promise<RunningServers> {
  const running = new Map<ServerName, Child>();
  const reasons = new Map<ServerName, string>();
  for (const name of names) {
    const server: PeerServerEntry = servers[name];
    const missing = server.missing();
    if (missing !== undefined) {
      reasons.set(name, missing);
      continue;
    }
    say(`starting ${server.title}`);
    try {
      running.set(name, await startChild('async/servers/server-process.ts', [name, newFolder()]));
    } catch {
      reasons.set(name, `${server.title} does not start; what it said stands above`);
    }
  }
  return {
    urlOf: (name) => running.get(name)?.greeting as string | undefined,
    missing(name) {
      return running.has(name) ? undefined : (reasons.get(name) ?? 'it was not asked for');
    },
    async stop() {
      await Promise.all([...running.values()].map((server) => server.stop()));
    },
  };
}
