import {
  type Channel,
  type ClientOptions,
  type ClientRequest,
  type ClientResponse,
  type ServiceDefinition,
  createClient,
  methodPath,
} from '@trivium/rpc';
import { type HedgePolicy, checkedHedge } from './hedge/hedge-policy.ts';
import { type RepeatOptions, type SyncCallOptions, type UnaryCall, repeating } from './repeat.ts';
import {
  MAX_ATTEMPTS,
  type RetryPolicy,
  checkedPolicy,
  unaryRetryPolicy,
} from './retry/retry-policy.ts';
import { type Target, targetAt } from './target.ts';

/**
 * How a client makes its calls; every time in milliseconds. `timeoutMs` is for all attempts and back-offs of a call
 * together; interceptors stand around each attempt.
 */
export interface SyncClientOptions extends ClientOptions {
  /**
   * The time for each attempt of a call that is safe to repeat; one that runs out of it is followed by another. Default:
   * what is left of the call's time.
   */
  readonly attemptTimeoutMs?: number;
  /** What differs from `unaryRetryPolicy`; `{ maxAttempts: 1 }` makes each call once. At most 5 attempts. */
  readonly retry?: Partial<RetryPolicy>;
  /** When calls get a second attempt beside the first. Default: never. */
  readonly hedge?: HedgePolicy;
  /** What retries and hedges are paid from. Default: what all clients of the channel's address share. */
  readonly target?: Target;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Told of each failure that is followed by another attempt, for example to log it. */
  readonly onRetry?: RepeatOptions['onRetry'];
}

/** A method for each of a service, by its name in the generated definition; all of them take `SyncCallOptions`. */
export type SyncClient<S extends ServiceDefinition> = {
  readonly [K in keyof S['methods']]: (
    request: ClientRequest<S['methods'][K]>,
    options?: SyncCallOptions,
  ) => ClientResponse<S['methods'][K]>;
};

/**
 * Creates a client whose unary calls end by a deadline, always, and are made again after a status that heals: those of
 * methods that declare `NO_SIDE_EFFECTS` or `IDEMPOTENT`, and those that the caller promises to be `safeToRepeat`. All
 * other methods are as with `createClient`. Retry at one layer only: do not wrap such a call in another retry.
 *
 * A failed call is an `RpcError` with the `attempts` made and the time spent, `elapsedMs`. Throws a RangeError for more
 * than 5 attempts, and for a time or a share that is none.
 */
export function createSyncClient<S extends ServiceDefinition>(
  definition: S,
  channel: Channel,
  options: SyncClientOptions = {},
): SyncClient<S> {
  const { timeoutMs = 10_000, reserveMs = 5, interceptors = [], hedge } = options;
  const { attemptTimeoutMs = Infinity } = options;
  if (!(attemptTimeoutMs > 0)) throw new RangeError(`Not a timeout in ms: ${attemptTimeoutMs}`);
  const shared = {
    address: channel.address,
    timeoutMs,
    reserveMs,
    attemptTimeoutMs,
    policy: checkedPolicy({ ...unaryRetryPolicy, ...options.retry }, MAX_ATTEMPTS),
    hedgePolicy: hedge && checkedHedge(hedge),
    target: options.target ?? targetAt(channel.address),
    random: options.random ?? Math.random,
    onRetry: options.onRetry ?? (() => {}),
  };
  const client = createClient(definition, channel, { timeoutMs, reserveMs, interceptors });
  const methods = Object.entries(client).map(([key, call]) => {
    const method = definition.methods[key];
    if (!method || method.requestStream || method.responseStream) return [key, call];
    const isDeclaredSafe = method.options.idempotencyLevel !== undefined;
    const path = methodPath(definition, key);
    return [key, repeating(call as UnaryCall, { ...shared, path, isDeclaredSafe })];
  });
  return Object.fromEntries(methods) as SyncClient<S>;
}
