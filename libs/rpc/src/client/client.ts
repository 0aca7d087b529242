import { isObservable, map, Observable } from 'rxjs';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { methodPath } from '../service-definition.ts';
import type {
  MethodDefinition,
  RequestInit,
  ResponseOf,
  ServiceDefinition,
} from '../service-definition.ts';
import type { CallOptions } from './call-options.ts';
import type { Channel } from './channel.ts';
import { checkedTimeoutMs } from './deadline.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { RequestSink } from './outgoing-call.ts';
import { feedIterable, feedObservable } from './request-feed.ts';

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

/**
 * Creates a client of a service.
 *
 * A unary call ends after `timeoutMs` (10 s by default) unless it is told otherwise; a stream ends
 * when it is told to. A call that is made while another one is served ends no later than that, and
 * is cancelled with it; see `detached`. An Observable calls anew on each subscription, and cancels
 * when it is unsubscribed. A timeout that is negative or NaN is a RangeError.
 */
export function createClient<S extends ServiceDefinition>(
  definition: S,
  channel: Channel,
  { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {},
): Client<S> {
  checkedTimeoutMs(timeoutMs);
  const methods = Object.entries(definition.methods).map(([key, method]) => {
    const path = methodPath(definition, key);
    return [key, clientMethod(method, { channel, path, timeoutMs })];
  });
  return Object.fromEntries(methods) as Client<S>;
}

interface Route {
  readonly channel: Channel;
  readonly path: string;
  readonly timeoutMs: number;
}

function clientMethod(method: MethodDefinition, { channel, path, timeoutMs }: Route) {
  const feed = (request: unknown) => (sink: RequestSink) => feedRequests(method, request, sink);
  const isUnary = !method.requestStream && !method.responseStream;

  return method.responseStream ? observeResponses : awaitResponse;

  function observeResponses(request: unknown, options: CallOptions = {}): Observable<unknown> {
    return new Observable((subscriber) => {
      const call = new OutgoingCall({
        channel,
        path,
        options,
        feed: feed(request),
        onResponse: (bytes) => subscriber.next(decode(method, bytes)),
        onEnd: (error) => (error === undefined ? subscriber.complete() : subscriber.error(error)),
      });
      return () => call.drop();
    });
  }

  async function awaitResponse(request: unknown, options: CallOptions = {}): Promise<unknown> {
    const responses: unknown[] = [];
    const error = await new Promise<unknown>((resolve) => {
      new OutgoingCall({
        channel,
        path,
        options: isUnary ? { ...options, timeoutMs: options.timeoutMs ?? timeoutMs } : options,
        feed: feed(request),
        onResponse(bytes) {
          if (responses.push(decode(method, bytes)) > 1) throw cardinalityError('more than one');
        },
        onEnd: resolve,
      });
    });
    if (error === undefined && responses.length === 1) return responses[0];
    const failure = error ?? cardinalityError('no');
    // Where the call was made is of use in a log; where its status came in is not.
    if (failure instanceof Error) Error.captureStackTrace(failure, awaitResponse);
    throw failure;
  }
}

function feedRequests(method: MethodDefinition, request: unknown, sink: RequestSink): () => void {
  if (!method.requestStream) {
    sink.send(encode(method, request));
    sink.finish();
    return () => {};
  }
  if (isObservable(request)) {
    return feedObservable(request.pipe(map((each) => encode(method, each))), sink);
  }
  return feedIterable(encodeEach(method, request as AsyncIterable<unknown>), sink);
}

async function* encodeEach(method: MethodDefinition, requests: AsyncIterable<unknown>) {
  for await (const request of requests) yield encode(method, request);
}

function encode({ requestType }: MethodDefinition, request: unknown): Buffer {
  try {
    const bytes = requestType.encode(requestType.fromPartial(request)).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, `The request is not a ${requestType.$type}`, { cause });
  }
}

function decode({ responseType }: MethodDefinition, bytes: Buffer): unknown {
  try {
    return responseType.decode(bytes);
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, `The response is not a ${responseType.$type}`, { cause });
  }
}

/** As the table of status codes has it: https://grpc.io/docs/guides/status-codes */
function cardinalityError(count: string): RpcError {
  return new RpcError(Code.UNIMPLEMENTED, `The server sent ${count} response to a call for one`);
}
