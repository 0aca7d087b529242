import {
  type CallOptions,
  type Channel,
  type Client,
  type ServiceDefinition,
  createClient,
} from '@trivium/rpc';
import { type RetryOptions, retry } from './retry.ts';

/** How a retrying client calls; a call's own `timeoutMs` and `signal` come before these. */
export type RetryingClientOptions = Omit<RetryOptions, 'signal'>;

/**
 * A client whose unary calls are made again after a status that heals: those of methods that declare
 * `NO_SIDE_EFFECTS` or `IDEMPOTENT`, and no others. Retry at one layer only: do not wrap such a call in another retry.
 */
export function createRetryingClient<S extends ServiceDefinition>(
  definition: S,
  channel: Channel,
  options: RetryingClientOptions = {},
): Client<S> {
  const client = createClient(definition, channel);
  const methods = Object.entries(client).map(([name, call]) => {
    const method = definition.methods[name];
    const repeatable = method?.options.idempotencyLevel !== undefined;
    const unary = !method?.requestStream && !method?.responseStream;
    return [name, repeatable && unary ? repeating(call as UnaryCall, options) : call];
  });
  return Object.fromEntries(methods) as Client<S>;
}

type UnaryCall = (request: unknown, options?: CallOptions) => Promise<unknown>;

const repeating =
  (call: UnaryCall, options: RetryingClientOptions): UnaryCall =>
  (request, { timeoutMs = options.timeoutMs, signal, ...rest } = {}) =>
    retry((attempt) => call(request, { ...rest, ...attempt }), {
      ...options,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(signal && { signal }),
    });
