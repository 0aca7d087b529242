import { HealthDefinition } from '@trivium/contracts/grpc/health/v1/health';
import { createClient, openChannel } from '@trivium/rpc';
import { type ProcessOptions, type ServiceProcess, startProcess } from './process.ts';
import { type ServiceName, defaultPorts, serviceNames } from './services.ts';

/** How to start the shop. */
export interface ShopOptions {
  /** The folder for everything that the services keep. */
  readonly dataDir: string;
  /** `default`: the ports of the documentation; `free`: any that are free. */
  readonly ports: 'default' | 'free';
  /** Environment variables for all services, or for one of them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly serviceEnv?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
  /** Called when a service listens and says that it is SERVING. */
  readonly onServing?: (service: ServiceProcess) => void;
  /** Called with each line that a service prints. */
  readonly onLine?: (service: ServiceName, line: string) => void;
  /** Aborting it ends what was started. */
  readonly signal?: AbortSignal;
}

/** All services of the shop, each in a process of its own. */
export interface Shop {
  /** The process that runs a service now. */
  service(name: ServiceName): ServiceProcess;
  /** Kills a service and starts it again in the same place, as an operator would after a crash. */
  restart(name: ServiceName): Promise<ServiceProcess>;
  /** Lets all drain: first checkout, which calls the others, then those. */
  stop(): Promise<void>;
}

const backends = serviceNames.filter((name) => name !== 'checkout');

/**
 * Starts every service of the shop and waits until each is SERVING. When one does not start, those that did are ended
 * before the error is thrown: nothing half started is left behind.
 *
 * @throws ProcessEnded with the line in which the service said why.
 */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const running = new Map<ServiceName, ServiceProcess>();
  const environments = new Map<ServiceName, Record<string, string>>();

  const start = async (name: ServiceName, env: Record<string, string>): Promise<ServiceProcess> => {
    environments.set(name, env);
    const processOptions: ProcessOptions = {
      env,
      onLine: (line) => options.onLine?.(name, line),
      ...(options.signal && { signal: options.signal }),
    };
    const service = await startProcess(name, processOptions);
    running.set(name, service);
    await waitUntilServing(service.address, options.signal);
    options.onServing?.(service);
    return service;
  };

  const environmentOf = (name: ServiceName, more: Record<string, string> = {}) => ({
    HOST: '127.0.0.1',
    PORT: String(options.ports === 'default' ? defaultPorts[name] : 0),
    DATA_DIR: options.dataDir,
    ...more,
    ...options.env,
    ...options.serviceEnv?.[name],
  });
  const addressVariables = () =>
    Object.fromEntries(
      backends.map((name) => [
        `${name.toUpperCase()}_ADDRESS`,
        running.get(name)?.address ?? `127.0.0.1:${defaultPorts[name]}`,
      ]),
    );
  const service = (name: ServiceName) => running.get(name) as ServiceProcess;
  const stop = async () => {
    await running.get('checkout')?.stop();
    await Promise.all([...running.values()].map((service) => service.stop()));
  };

  try {
    // With known ports checkout need not wait to be told where the others are.
    const early = options.ports === 'default' ? [...serviceNames] : backends;
    await allOrFirstFailure(
      early.map((name) =>
        start(name, environmentOf(name, name === 'checkout' ? addressVariables() : {})),
      ),
    );
    if (!running.has('checkout')) {
      await start('checkout', environmentOf('checkout', addressVariables()));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    service,
    stop,
    async restart(name) {
      const { address, kill } = service(name);
      await kill();
      const port = address.split(':').at(-1) as string;
      return start(name, { ...environments.get(name), PORT: port });
    },
  };
}

/** Waits for all, also when one fails: what starts later than the failure must be ended too. */
async function allOrFirstFailure(starting: Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** How long a service may take from listening to SERVING, in milliseconds. */
const servingTimeoutMs = 10_000;

async function waitUntilServing(address: string, signal?: AbortSignal): Promise<void> {
  const channel = openChannel(address);
  try {
    const health = createClient(HealthDefinition, channel);
    const { status } = await health.check(
      { service: '' },
      { timeoutMs: servingTimeoutMs, waitForReady: true, ...(signal && { signal }) },
    );
    if (status !== 1) throw new Error(`${address} listens and does not serve`);
  } finally {
    channel.close();
  }
}
