import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceProcess, startProcess } from '@trivium/shop';

/** A replica of the catalog: a process of its own, with data of its own. */
export interface Replica {
  readonly address: string;
  /** How many calls of BatchGetProducts it has answered, by its own log. */
  readonly batches: number;
  /** Has it stand still, with its connections open, as a machine does that is out of memory. */
  hang(): void;
  /** Ends that. */
  goOn(): void;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Lets it drain, and starts another in its place. */
  restart(): Promise<void>;
}

const cleanups: (() => Promise<void>)[] = [];

/** Starts a replica at a free port. `endReplicas` ends it, whatever has become of it. */
export async function startReplica(): Promise<Replica> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trivium-replica-'));
  let service: ServiceProcess | undefined;
  cleanups.push(async () => {
    if (service) goOn();
    await service?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });
  let batches = 0;
  const onLine = (line: string) => {
    if (line.includes('/BatchGetProducts"')) batches += 1;
  };
  const start = (port: string) =>
    startProcess('catalog', { env: { PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'info' }, onLine });
  service = await start('0');
  const { address } = service;

  function signal(name: NodeJS.Signals): void {
    process.kill(service!.pid, name);
  }

  function goOn(): void {
    try {
      signal('SIGCONT');
    } catch {
      // It is gone, and so need not go on.
    }
  }

  return {
    address,
    get batches() {
      return batches;
    },
    hang: () => signal('SIGSTOP'),
    goOn,
    kill: () => service!.kill(),
    async restart() {
      await service!.stop();
      service = await start(address.split(':')[1]!);
    },
  };
}

/** Ends every replica that was started. For `afterEach`. */
export async function endReplicas(): Promise<void> {
  await Promise.all(cleanups.splice(0).map((cleanUp) => cleanUp()));
}
