import { execFile } from 'node:child_process';
import { chownSync, chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findBinary, versionedBins } from './find-binary.ts';
import { freePorts } from './free-port.ts';
import type { PeerServerEntry } from './peer-server.ts';
import { spawnServer } from './spawn-server.ts';

const run = promisify(execFile);

/** PostgreSQL as it comes, which has synced what it acknowledges. */
export const postgres: PeerServerEntry = {
  title: 'PostgreSQL',

  missing() {
    if (!initdb()) return 'no initdb on the PATH or below /usr/lib/postgresql';
    return isRoot() && !otherUser() ? 'no user but root, as whom it refuses to run' : undefined;
  },

  async start(folder) {
    const [port] = (await freePorts(1)) as [number];
    const user = isRoot() ? otherUser() : undefined;
    if (user) {
      chownSync(folder, user.uid, user.gid);
      // The folder is below one that only its maker can enter.
      chmodSync(dirname(folder), 0o711);
    }
    const command = initdb() as string;
    const data = join(folder, 'data');
    await run(command, ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C'], {
      cwd: folder,
      ...user,
    });
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: folder,
      fsync: 'on',
      synchronous_commit: 'on',
    };
    const url = `postgres://bench@127.0.0.1:${port}/postgres`;
    const { stop } = await spawnServer({
      command: join(dirname(command), 'postgres'),
      args: [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      folder,
      ...(user && { user }),
      // Ends its sessions rather than waiting for them.
      endWith: 'SIGINT',
      probe: () => query(url, 'SELECT 1'),
    });
    return { url, stop };
  },
};

const initdb = () => findBinary('initdb', versionedBins('/usr/lib/postgresql'));

const isRoot = () => process.getuid?.() === 0;

/** Who runs it when root may not: its own user if there is one, else nobody. */
function otherUser(): { uid: number; gid: number } | undefined {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const [line] = ['postgres', 'nobody'].flatMap((name) =>
    users.filter((each) => each.startsWith(`${name}:`)),
  );
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
