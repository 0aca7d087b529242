import type { Observable } from 'rxjs';
import type { ClientInterceptor } from '../interceptor/client-interceptor.ts';
import { methodPath } from '../service-definition.ts';
import type {
  MethodDefinition,
  RequestInit,
  ResponseOf,
  ServiceDefinition,
} from '../service-definition.ts';
import type { CallOptions } from './call-options.ts';
import type { Channel } from './channel.ts';
import { clientMethod } from './client-method.ts';
import { checkedTimeoutMs } from './deadline.ts';

/**
 * A stream of requests. An AsyncIterable is asked for its next message when there is room for it; an
 * Observable emits when it likes, and 4 MiB of that may wait.
 */
export type RequestStream<T> = Observable<T> | AsyncIterable<T>;

/** What a method of a client takes. */
export type ClientRequest<M extends MethodDefinition> = M['requestStream'] extends true
  ? RequestStream<RequestInit<M>>
  : RequestInit<M>;

/** What a method of a client returns: a cold Observable where responses stream. */
export type ClientResponse<M extends MethodDefinition> = M['responseStream'] extends true
  ? Observable<ResponseOf<M>>
  : Promise<ResponseOf<M>>;

/** A method of a client. Whatever goes wrong with a call is an `RpcError`. */
export type ClientMethod<M extends MethodDefinition> = (
  request: ClientRequest<M>,
  options?: CallOptions,
) => ClientResponse<M>;

/** A method for each of a service, by its name in the generated definition. */
export type Client<S extends ServiceDefinition> = {
  readonly [K in keyof S['methods']]: ClientMethod<S['methods'][K]>;
};

/** How a client makes its calls; every time in milliseconds. */
export interface ClientOptions {
  /** How long a unary call may take if it is not told otherwise: 10 s by default. */
  readonly timeoutMs?: number;
  /**
   * How much earlier than the call that is being served a call made for it ends: 5 by default. Time
   * to answer in; where no more than this is left nothing is sent.
   */
  readonly reserveMs?: number;
  /** What stands around each call, the outermost first. Without any a call costs nothing more. */
  readonly interceptors?: readonly ClientInterceptor[];
}

/**
 * Creates a client of a service.
 *
 * A unary call ends after `timeoutMs` (10 s by default) unless it is told otherwise; a stream ends
 * when it is told to. A call that is made while another one is served ends `reserveMs` before that,
 * and is cancelled with it; see `detached`. An Observable calls anew on each subscription, and cancels
 * when it is unsubscribed. A timeout that is negative or NaN is a RangeError.
 */
export function createClient<S extends ServiceDefinition>(
  definition: S,
  channel: Channel,
  { timeoutMs = 10_000, reserveMs = 5, interceptors = [] }: ClientOptions = {},
): Client<S> {
  checkedTimeoutMs(timeoutMs);
  checkedTimeoutMs(reserveMs);
  const methods = Object.entries(definition.methods).map(([key, method]) => {
    const isUnary = !method.requestStream && !method.responseStream;
    const route = {
      channel,
      service: definition,
      method,
      path: methodPath(definition, key),
      timeoutMs: isUnary ? timeoutMs : undefined,
      reserveMs,
    };
    return [key, clientMethod(route, interceptors)];
  });
  return Object.fromEntries(methods) as Client<S>;
}
