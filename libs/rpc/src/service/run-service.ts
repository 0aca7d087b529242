import { flushCompileCache } from 'node:module';
import { setLogger } from '@grpc/grpc-js';
import { currentCall } from '../call/call-context.ts';
import type { BoundService } from '../host/bind.ts';
import { startHost, type Host, type HostOptions } from '../host/host.ts';
import type { ClientInterceptor } from '../interceptor/client-interceptor.ts';
import { createLogger, type Logger } from '../logger.ts';
import { helpFor } from './command-line.ts';
import {
  readConfig,
  type ConfigDefinition,
  type ConfigOf,
  type serviceVariables,
  type Variables,
} from './config.ts';
import {
  extendConfig,
  startExtensions,
  type AroundWork,
  type ServiceExtension,
  type StartedExtensions,
} from './extension.ts';
import { failStart, isForOperator } from './fail-start.ts';
import { releaseStartMemory } from './release-start-memory.ts';
import { onStopRequests } from './stop-requests.ts';

/** What a service consists of once it has started. */
export interface ServiceParts {
  readonly services: readonly BoundService[];
  /** Limits of the host that differ from its defaults. */
  readonly host?: Omit<HostOptions, 'address' | 'services' | 'log'>;
  /** Gives back what `start` has opened. Called after the last call has ended. */
  close?(): void | Promise<void>;
}

/** The configuration of a service: at least the variables of `serviceVariables`. */
export type ServiceConfig = ConfigDefinition<Variables & ReturnType<typeof serviceVariables>>;

/** A service as a program. */
export interface ServiceOptions<C extends ServiceConfig> {
  /** What it is called in its log and its messages. */
  readonly name: string;
  readonly config: C;
  /** What it is extended by, the first outermost: telemetry, for example. */
  readonly extensions?: readonly ServiceExtension[];
  /** Opens what the service needs, and binds its handlers. */
  start(config: ConfigOf<C>, context: ServiceContext): ServiceParts | Promise<ServiceParts>;
}

/** What a service is given when it starts. */
export interface ServiceContext {
  readonly log: Logger;
  /** What its extensions want around each call that it makes: for `interceptors` of its clients. */
  readonly clientInterceptors: readonly ClientInterceptor[];
  /** What its extensions want around each attempt at durable work, if anything. */
  readonly aroundWork?: AroundWork;
}

/** How long a service may take to close what it has opened. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Runs a service: the whole of a `main.ts`. Reads the environment, starts the host at HOST:PORT,
 * logs `listening` with the address, and sends `{ type: 'listening', address }` to a parent that has
 * an IPC channel. Resolves when the service listens.
 *
 * SIGTERM, SIGINT and the end of the IPC channel drain it, close it and end the process with exit
 * code 0; a second signal breaks everything off, with exit code 1. What prevents the start is one
 * line on stderr, and exit code 1.
 *
 * An exception that nobody catches leaves the process in a state that nobody knows: it is logged,
 * the service drains, and the process ends with exit code 1, for its supervisor to start it anew. So
 * does a rejection that nobody handles, unless it belongs to a call: that one is logged, and the
 * service goes on, for no state was left half changed by unwinding a stack.
 */
export async function runService<C extends ServiceConfig>(
  options: ServiceOptions<C>,
): Promise<void> {
  try {
    const config = extendConfig(options.config, options.extensions ?? []);
    const help = helpFor(process.argv.slice(2), { name: options.name, config });
    if (help !== undefined) process.stdout.write(help);
    else await run({ ...options, config });
  } catch (error) {
    failStart(options.name, error);
  }
}

async function run<C extends ServiceConfig>(options: ServiceOptions<C>) {
  const { name, config, extensions = [], start } = options;
  const values = readConfig(config, process.env);
  const { HOST, PORT, LOG_LEVEL } = values as ConfigOf<ServiceConfig>;
  let log = createLogger({ name, level: LOG_LEVEL });
  // It would write to stderr, in its own words.
  setLogger({ error: toLog(log, 'warn'), info: toLog(log, 'debug'), debug: toLog(log, 'debug') });

  const stop = Promise.withResolvers<void>();
  let host: Host | undefined;
  let exitCode = 0;
  onStopRequests({
    stop(reason) {
      log.info({ reason }, 'stopping');
      stop.resolve();
    },
    force(reason) {
      log.warn({ reason }, 'breaking off');
      exitCode = 1;
      if (!host) process.exit(exitCode);
      void host.drain({ force: true });
    },
  });
  onCrash(
    () => log,
    (error) => {
      if (!host) failStart(name, error);
      exitCode = 1;
      stop.resolve();
    },
  );

  let extended: StartedExtensions | undefined;
  let parts: ServiceParts | undefined;
  try {
    extended = await startExtensions(extensions, values, { name, host: HOST, log });
    const { interceptors, clientInterceptors, aroundWork, logFields } = extended;
    if (logFields) log = createLogger({ name, level: LOG_LEVEL, fields: logFields });
    parts = await start(values, { log, clientInterceptors, ...(aroundWork && { aroundWork }) });
    const address = `${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
    host = await startHost({
      ...parts.host,
      interceptors: [...interceptors, ...(parts.host?.interceptors ?? [])],
      address,
      services: parts.services,
      log,
    });
  } catch (err) {
    if (!isForOperator(err)) log.fatal({ err }, 'cannot start');
    await close([parts, extended], log);
    throw err;
  }
  log.info({ address: host.address }, 'listening');
  process.send?.({ type: 'listening', address: host.address });
  releaseStartMemory();
  // Without effect unless NODE_COMPILE_CACHE is set. A process that is killed would keep nothing.
  flushCompileCache();

  void stop.promise.then(async () => {
    await host.drain();
    const isClosed = await close([parts, extended], log);
    if (isClosed) log.info('stopped');
    process.exit(isClosed ? exitCode : 1);
  });
}

/** Whether everything could be closed, in this order; why not is logged. */
async function close(
  all: readonly (Pick<ServiceParts, 'close'> | undefined)[],
  log: Logger,
): Promise<boolean> {
  const timer = setTimeout(() => {
    log.error('closing takes too long');
    process.exit(1);
  }, CLOSE_TIMEOUT_MS);
  let isClosed = true;
  for (const each of all) {
    try {
      await each?.close?.();
    } catch (err) {
      log.error({ err }, 'cannot close');
      isClosed = false;
    }
  }
  clearTimeout(timer);
  return isClosed;
}

function onCrash(log: () => Logger, stop: (error: unknown) => void): void {
  process.on('uncaughtException', (err) => {
    log().fatal({ err, method: currentCall()?.method }, 'an exception that nobody catches');
    stop(err);
  });
  process.on('unhandledRejection', (err) => {
    const call = currentCall();
    if (call) return call.log.error({ err }, 'a rejection of this call that nobody handles');
    log().fatal({ err }, 'a rejection that nobody handles');
    stop(err);
  });
}

function toLog(log: Logger, level: 'warn' | 'debug') {
  return (...words: unknown[]) => log[level]({ from: 'grpc-js' }, words.join(' '));
}
