import type { Metadata } from '@grpc/grpc-js';
import type { CallContext } from '../call/call-context.ts';
import type { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';

/** One incoming call, as interceptors see it: what it is, what came along, and how it ends. */
export interface HostCall {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  /** The full path, for example `/shop.catalog.v1.Catalog/GetProduct`. */
  readonly path: string;
  /** The caller's address, `host:port`, or `unknown`. */
  readonly peer: string;
  /** When the call ends with `DEADLINE_EXCEEDED`, in epoch milliseconds; `Infinity` for never. */
  readonly deadline: number;
  /** What the caller sent along. */
  readonly metadata: Metadata;
  /** When the call arrived, on the clock of `performance.now()`. */
  readonly startedAtMs: number;
  /** What its handler gets of it. */
  readonly context: CallContext;
  /**
   * Has the listener told once, when the call has ended as its caller sees it: without an error when
   * that was OK. A handler may still run then. A listener must not throw.
   */
  onEnd(listener: (error: RpcError | undefined) => void): void;
}

/**
 * Serves a call. Its requests are an iterable of any kind of method, of one for a unary one, and are
 * read, validated and decoded as it is iterated. The outcome is a promise of the response, or, where
 * responses stream, an AsyncIterable.
 */
export type ServeRequests<Outcome = unknown> = (
  requests: AsyncIterable<unknown>,
  call: HostCall,
) => Outcome;

/**
 * Stands around each call that a host serves: gets what serves the call, and returns what is called
 * in its place. It fits all four kinds of methods, for it hands on the outcome as it is; how a call
 * ended it learns from `call.onEnd`. The first of a list is the outermost. `ClientInterceptor` is the
 * same on the other side.
 *
 *     const withToken: HostInterceptor = (next) => (requests, call) => {
 *       if (!isValid(call.metadata.get('authorization'))) {
 *         throw new RpcError(Code.UNAUTHENTICATED, 'A token is needed');
 *       }
 *       return next(requests, call);
 *     };
 *
 * It runs as soon as a call arrives, before anything of its requests is decoded, and in the context
 * that the handler will run in. What it throws is the outcome of the call. It sees refused calls too:
 * their `next` throws, and their outcome is settled. Calls of health and reflection pass it by.
 */
export type HostInterceptor = <Outcome>(next: ServeRequests<Outcome>) => ServeRequests<Outcome>;

/** One interceptor that stands for all of them, the first outermost; undefined for none. */
export function composeInterceptors(
  interceptors: readonly HostInterceptor[],
): HostInterceptor | undefined {
  if (interceptors.length === 0) return undefined;
  return (next) => interceptors.reduceRight((inner, outer) => outer(inner), next);
}
