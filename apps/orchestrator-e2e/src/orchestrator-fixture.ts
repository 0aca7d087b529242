import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { type Channel, type Client, createClient, openChannel } from '@trivium/rpc';
import { type ServiceProcess, startProcess } from '@trivium/shop';

/** Where backends are, by their names. */
export type Backends = Readonly<Record<string, string | readonly string[]>>;

/** An orchestrator in a process of its own, with its clients. */
export interface Orchestrator {
  readonly process: ServiceProcess;
  readonly channel: Channel;
  readonly calls: Client<typeof CallsDefinition>;
  readonly operations: Client<typeof OperationsDefinition>;
  /** The folder of its plans. */
  readonly plansDir: string;
  /** Writes its services file anew. */
  register(backends: Backends): void;
  /** Writes a plan into its folder. */
  writePlan(name: string, text: string): void;
  /** Kills it and starts it again in the same place. */
  restart(): Promise<void>;
  /** Ends it at once, as a crash would; `start` it again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What an orchestrator is started with. */
export interface OrchestratorOptions {
  readonly backends: Backends;
  /** Files to begin with in the folder of its plans. */
  readonly plans?: Readonly<Record<string, string>>;
  /** A serialized `FileDescriptorSet` with contracts that plans serve. */
  readonly contracts?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts an orchestrator with a folder of its own for everything that it reads and keeps. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-orchestrator-'));
  const plansDir = join(folder, 'plans');
  mkdirSync(plansDir);
  const services = join(folder, 'services.yaml');
  const { contracts } = options;
  if (contracts) writeFileSync(join(folder, 'contracts.binpb'), contracts);
  const register = (backends: Backends) =>
    writeFileSync(
      services,
      `${servicesFile(backends)}${contracts ? 'contracts: [contracts.binpb]\n' : ''}`,
    );
  const writePlan = (name: string, text: string) => writeFileSync(join(plansDir, name), text);
  register(options.backends);
  for (const [name, text] of Object.entries(options.plans ?? {})) writePlan(name, text);

  const env = (port: string) => ({
    ...{ HOST: '127.0.0.1', PORT: port, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'info' },
    ...{ SERVICES_FILE: services, PLANS_DIR: plansDir },
    ...options.env,
  });
  let process = await startProcess('orchestrator', { env: env('0') });
  const { address } = process;
  const channel = openChannel(address);
  const start = async () => {
    process = await startProcess('orchestrator', { env: env(address.split(':').at(-1)!) });
    await channel.ready({ timeoutMs: 10_000 });
  };
  return {
    get process() {
      return process;
    },
    ...{ channel, plansDir, register, writePlan, start },
    calls: createClient(CallsDefinition, channel),
    operations: createClient(OperationsDefinition, channel),
    kill: () => process.kill(),
    async restart() {
      await process.kill();
      await start();
    },
    async stop() {
      channel.close();
      await process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function servicesFile(backends: Backends): string {
  const entries = Object.entries(backends).map(
    ([name, at]) =>
      `  - name: ${name}\n    addresses: ${JSON.stringify([at].flat())}\n    refresh: 1s\n`,
  );
  return entries.length === 0 ? 'services: []\n' : `services:\n${entries.join('')}`;
}
