import { ServerCredentials } from '@grpc/grpc-js';
import { createHealth } from '../health/health.ts';
import type { HostInterceptor } from '../interceptor/host-interceptor.ts';
import type { Logger } from '../logger.ts';
import { reflectionServices } from '../reflection/reflection.ts';
import { createValidator } from '../validation/validator.ts';
import type { BoundService } from './bind.ts';
import { createCalls } from './calls.ts';
import { drainHost } from './drain.ts';
import { createGrpcServer } from './grpc-server.ts';
import { listen } from './listener.ts';
import { createAdmission } from './overload/admission.ts';
import type { ConcurrencyLimit } from './overload/concurrency-limit.ts';
import { createGradientLimit } from './overload/gradient-limit.ts';
import { createRouter, type Registration } from './router.ts';

/** What a host serves, and within which limits. Every `…Ms` may be `Infinity`. */
export interface HostOptions {
  /** Where to listen, `host:port`; port 0 is any free one. */
  readonly address: string;
  readonly services: readonly BoundService[];
  readonly log: Logger;
  /**
   * Contracts besides this project's own, as serialized `FileDescriptorSet`s: their rules are checked, and reflection
   * tells of them.
   */
  readonly descriptorSets?: readonly Uint8Array[];
  /** TLS, for example; the default is plaintext. */
  readonly credentials?: ServerCredentials;
  /** The deadline of a unary call whose caller set none. Default 60,000. */
  readonly defaultTimeoutMs?: number;
  /** The largest request, and the largest response. Default 4 MiB, what gRPC clients accept. */
  readonly maxMessageBytes?: number;
  /** How many calls are served at a time; health is served beyond it. Default 1,000. */
  readonly maxInFlight?: number;
  /**
   * How many unary calls are served at a time, within `maxInFlight`. Default: a gradient limit, which
   * follows from how long they take. `createFixedLimit(Infinity)` switches it off.
   */
  readonly concurrencyLimit?: ConcurrencyLimit;
  /** What stands around each call of `services`, the first outermost. */
  readonly interceptors?: readonly HostInterceptor[];
  /**
   * How old a connection may become, ±10 %: its client then has to open another, and so finds
   * replicas that are new. Calls that are open may finish. Default `Infinity`, as everywhere in
   * gRPC: where clients balance by themselves it does nothing but break long streams.
   */
  readonly maxConnectionAgeMs?: number;
  /** How long after that the calls on it are broken off. Default 60,000, as `defaultTimeoutMs`. */
  readonly maxConnectionAgeGraceMs?: number;
  /** How long streams have to end by themselves when the host drains. Default 500. */
  readonly streamGraceMs?: number;
  /** How long a drain takes at most before connections are broken. Default 4,000. */
  readonly drainTimeoutMs?: number;
}

/** What a timer of Node.js can hold: one beyond it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A running host. */
export interface Host {
  /** What it listens at, `host:port`, with the port that it really has. */
  readonly address: string;
  /**
   * Takes the host out of service in good order (see `drainHost`) and resolves when it is closed.
   * Calling it again returns the same promise; `force` breaks everything off at once.
   */
  drain(options?: { readonly force?: boolean }): Promise<void>;
}

/**
 * Starts a gRPC host. Besides its services it serves `grpc.health.v1.Health` and
 * `grpc.reflection.v1` and `v1alpha`, and it validates every request by its contract's rules.
 * Rejects with a StartError when it cannot listen, and with a TypeError or RangeError for options
 * that make no sense.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { address, services, log, credentials = ServerCredentials.createInsecure() } = options;
  const defaultTimeoutMs = timeout('defaultTimeoutMs', options.defaultTimeoutMs ?? 60_000);
  const maxMessageBytes = positive('maxMessageBytes', options.maxMessageBytes ?? 4 * 1024 * 1024);
  const maxInFlight = positive('maxInFlight', options.maxInFlight ?? 1_000);
  const maxAgeMs = options.maxConnectionAgeMs ?? Infinity;
  positive('maxConnectionAgeMs', timeout('maxConnectionAgeMs', maxAgeMs));
  const graceMs = timeout('maxConnectionAgeGraceMs', options.maxConnectionAgeGraceMs ?? 60_000);
  const streamGraceMs = timeout('streamGraceMs', options.streamGraceMs ?? 500);
  const timeoutMs = timeout('drainTimeoutMs', options.drainTimeoutMs ?? 4_000);

  const health = createHealth();
  const names = services.map(({ definition }) => definition.fullName);
  const registrations: Registration[] = [
    { service: health.service, role: 'infrastructure', isExempt: true },
    ...reflectionServices(() => registrations.map(nameOf), options.descriptorSets).map(
      infrastructure,
    ),
    ...services.map((service) => ({ service, role: 'application', isExempt: false }) as const),
  ];
  const validator = createValidator(options.descriptorSets);
  const calls = createCalls({ maxInFlight });
  const limit = options.concurrencyLimit ?? createGradientLimit({ max: maxInFlight });
  const router = createRouter({
    registrations,
    calls,
    admission: createAdmission(limit),
    interceptors: options.interceptors ?? [],
    validator,
    log,
    defaultTimeoutMs,
    maxMessageBytes,
  });
  const server = createGrpcServer({
    credentials,
    connectionAge: { maxMs: maxAgeMs, graceMs },
    ...router,
  });

  // Cold, it would cost the first caller a quarter of a second.
  validator.warmUp(registrations.flatMap(requestTypesOf));
  const listener = await listen(address, { log, onConnection: server.injectConnection });
  for (const name of ['', ...names]) health.set(name, true);

  const force = new AbortController();
  let drained: Promise<void> | undefined;
  return {
    address: listener.address,
    drain(how) {
      if (how?.force) force.abort();
      const parts = { health, calls, server, listener, streamGraceMs, timeoutMs };
      return (drained ??= drainHost({ ...parts, force: force.signal }));
    },
  };
}

function nameOf({ service }: Registration): string {
  return service.definition.fullName;
}

function requestTypesOf({ service }: Registration): string[] {
  return Object.values(service.definition.methods).map(({ requestType }) => requestType.$type);
}

function infrastructure(service: BoundService): Registration {
  return { service, role: 'infrastructure', isExempt: false };
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`${name} must be above 0: ${value}`);
  return value;
}

function timeout(name: string, valueMs: number): number {
  if (valueMs >= 0 && (valueMs <= MAX_TIMER_MS || valueMs === Infinity)) return valueMs;
  throw new RangeError(`${name} must be from 0 to ${MAX_TIMER_MS}, or Infinity: ${valueMs}`);
}
