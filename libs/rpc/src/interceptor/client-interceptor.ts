import type { Metadata } from '@grpc/grpc-js';
import type { Observable } from 'rxjs';
import type { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';

/** One outgoing call, as interceptors see it: what it is, what it sends along, and how it ends. */
export interface ClientCall {
  readonly service: ServiceDefinition;
  /** The method with its kind, and with what it declares in `options.idempotencyLevel`. */
  readonly method: MethodDefinition;
  /** The full path, for example `/shop.catalog.v1.Catalog/GetProduct`. */
  readonly path: string;
  /** The address of the channel, `host:port`. */
  readonly target: string;
  /** When the call ends with `DEADLINE_EXCEEDED`, in epoch milliseconds; `Infinity` for never. */
  readonly deadline: number;
  /** What is sent along. The call's own copy: what is set before `next` is sent. */
  readonly metadata: Metadata;
  /** What the server sent ahead of its first response; undefined before that came. */
  readonly responseHeaders: Metadata | undefined;
  /** What the server sent at the end, after a success and a failure alike; undefined before. */
  readonly responseTrailers: Metadata | undefined;
  /**
   * Has the listener told once, when the call has ended as its caller sees it: without an error
   * when that was OK, with `CANCELLED` also when a stream was unsubscribed. A listener must not throw.
   */
  onEnd(listener: (error: RpcError | undefined) => void): void;
}

/**
 * Makes a call: what a client's method returns comes from it. The request is one message, or a
 * `RequestStream`; the outcome is a promise of the response, or, where responses stream, an
 * Observable.
 */
export type MakeCall<Outcome = unknown> = (request: unknown, call: ClientCall) => Outcome;

/**
 * Stands around each call that a client makes: gets what makes the call, and returns what is called
 * in its place. It fits all four kinds of methods, for it hands on the outcome as it is; how a call
 * ended it learns from `call.onEnd`. The first of a list is the outermost.
 *
 *     const withToken: ClientInterceptor = (next) => (request, call) => {
 *       call.metadata.set('authorization', `Bearer ${token()}`);
 *       return next(request, call);
 *     };
 *
 * It runs for each call of a unary method and each subscription of a stream, in the context of the
 * caller. What it throws is the outcome of the call.
 */
export type ClientInterceptor = <Outcome>(next: MakeCall<Outcome>) => MakeCall<Outcome>;

/** As `ClientInterceptor`, for those that await the response, or replace it. */
export type UnaryInterceptor = (next: MakeCall<Promise<unknown>>) => MakeCall<Promise<unknown>>;

/** As `ClientInterceptor`, for those that look at each response of a stream. */
export type StreamInterceptor = (
  next: MakeCall<Observable<unknown>>,
) => MakeCall<Observable<unknown>>;

/**
 * An interceptor of what is awaited or of what streams, of one of them or of both. Calls of a kind
 * that it names nothing for are made as if it were not there.
 */
export function interceptByKind(kinds: {
  readonly unary?: UnaryInterceptor;
  readonly stream?: StreamInterceptor;
}): ClientInterceptor {
  return <Outcome>(next: MakeCall<Outcome>): MakeCall<Outcome> => {
    // A method returns one or the other, which its definition says and its type does not.
    const unary = kinds.unary?.(next as MakeCall<Promise<unknown>>) ?? next;
    const stream = kinds.stream?.(next as MakeCall<Observable<unknown>>) ?? next;
    return (request, call) =>
      (call.method.responseStream ? stream : unary)(request, call) as Outcome;
  };
}
