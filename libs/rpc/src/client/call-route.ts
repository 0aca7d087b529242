import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';
import type { Channel } from './channel.ts';

/** Where the calls of a client's method go, and what all of them have in common. */
export interface CallRoute {
  readonly channel: Channel;
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  /** The full path, for example `/shop.catalog.v1.Catalog/GetProduct`. */
  readonly path: string;
  /** How long a call takes at most if it says nothing else, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** How much earlier than the incoming call it ends, in milliseconds. */
  readonly reserveMs: number;
}

/**
 * A failure with what is known of its call, unless it came from another call: the source of a stream
 * of requests may have failed with that.
 */
export function notedFailure(failure: unknown, route: CallRoute, startedAtMs: number): unknown {
  if (!(failure instanceof RpcError) || failure.method !== undefined) return failure;
  return failure.with({
    method: route.path,
    target: route.channel.address,
    attempts: 1,
    elapsedMs: performance.now() - startedAtMs,
  });
}
