import { isObservable, map, Observable } from 'rxjs';
import { currentCall } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { ClientInterceptor, MakeCall } from '../interceptor/client-interceptor.ts';
import type { MethodDefinition } from '../service-definition.ts';
import { checkMetadataSize, ownMetadata } from './call-options.ts';
import type { CallOptions } from './call-options.ts';
import type { CallRoute } from './call-route.ts';
import { notedFailure } from './call-route.ts';
import { InterceptedCall } from './client-call.ts';
import { outgoingDeadline } from './deadline.ts';
import { cardinalityError, decodeResponse, encodeRequest } from './message-codec.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { RequestSink } from './outgoing-call.ts';
import { feedIterable, feedObservable } from './request-feed.ts';
import { UnaryCall } from './unary-call.ts';

/** Makes one call. */
type Make<T> = (request: unknown, options: CallOptions, intercepted?: InterceptedCall) => T;

const NO_OPTIONS: CallOptions = {};

/** A method of a client, with the interceptors around each of its calls. */
export function clientMethod(route: CallRoute, interceptors: readonly ClientInterceptor[]) {
  const { requestStream, responseStream } = route.method;
  if (responseStream) {
    const observe = observing(route);
    const make =
      interceptors.length > 0 ? interceptedStream(route, interceptors, observe) : observe;
    return (request: unknown, options = NO_OPTIONS) => make(request, options);
  }
  const awaitOne = requestStream ? awaitingStream(route) : awaitingUnary(route);
  const make = interceptors.length > 0 ? interceptedOne(route, interceptors, awaitOne) : awaitOne;
  return awaitResponse;

  async function awaitResponse(request: unknown, options = NO_OPTIONS): Promise<unknown> {
    const startedAtMs = performance.now();
    try {
      return await make(request, options);
    } catch (failure) {
      // Where the call was made is of use in a log; where its status came in is not.
      if (failure instanceof Error) Error.captureStackTrace(failure, awaitResponse);
      throw notedFailure(failure, route, startedAtMs);
    }
  }
}

function awaitingUnary(route: CallRoute): Make<Promise<unknown>> {
  return (request, options, intercepted) =>
    new Promise((resolve, reject) => {
      const outcome = { resolve, reject };
      new UnaryCall(route, { options, outcome, intercepted }).start(request);
    });
}

function awaitingStream(route: CallRoute): Make<Promise<unknown>> {
  const { method } = route;
  return (request, options, intercepted) =>
    new Promise((resolve, reject) => {
      const responses: unknown[] = [];
      new OutgoingCall({
        route,
        options,
        intercepted,
        feed: (sink) => feedRequests(method, request, sink),
        onResponse(bytes) {
          if (responses.push(decodeResponse(method, bytes)) > 1) {
            throw cardinalityError('more than one');
          }
        },
        onEnd(error) {
          if (error !== undefined) reject(error);
          else if (responses.length === 0) reject(cardinalityError('no'));
          else resolve(responses[0]);
        },
      });
    });
}

function observing(route: CallRoute): Make<Observable<unknown>> {
  const { method } = route;
  return (request, options, intercepted) =>
    new Observable((subscriber) => {
      const startedAtMs = performance.now();
      const call = new OutgoingCall({
        route,
        options,
        intercepted,
        feed: (sink) => feedRequests(method, request, sink),
        onResponse: (bytes) => subscriber.next(decodeResponse(method, bytes)),
        onEnd(error) {
          if (error === undefined) subscriber.complete();
          else subscriber.error(notedFailure(error, route, startedAtMs));
        },
      });
      return () => call.drop();
    });
}

function interceptedOne(
  route: CallRoute,
  interceptors: readonly ClientInterceptor[],
  make: Make<Promise<unknown>>,
): Make<Promise<unknown>> {
  const chain = chained(interceptors, make);
  return async (request, options) => {
    const startedAtMs = performance.now();
    const call = interceptedCall(route, options);
    try {
      const response = await chain(request, call);
      call.end();
      return response;
    } catch (caught) {
      const error = RpcError.from(caught);
      notedFailure(error, route, startedAtMs);
      call.end(error);
      throw error;
    }
  };
}

function interceptedStream(
  route: CallRoute,
  interceptors: readonly ClientInterceptor[],
  make: Make<Observable<unknown>>,
): Make<Observable<unknown>> {
  const chain = chained(interceptors, make);
  return (request, options) =>
    new Observable((subscriber) => {
      const startedAtMs = performance.now();
      const call = interceptedCall(route, options);
      const fail = (caught: unknown) => {
        const error = RpcError.from(caught);
        notedFailure(error, route, startedAtMs);
        call.end(error);
        subscriber.error(error);
      };
      // Before the chain is subscribed, which may end at once.
      subscriber.add(() => {
        if (call.hasEnded) return;
        const error = new RpcError(Code.CANCELLED, 'Unsubscribed');
        notedFailure(error, route, startedAtMs);
        call.end(error);
      });
      try {
        const responses = chain(request, call);
        subscriber.add(
          responses.subscribe({
            next: (response) => subscriber.next(response),
            error: fail,
            complete() {
              call.end();
              subscriber.complete();
            },
          }),
        );
      } catch (error) {
        fail(error);
      }
    });
}

/** The interceptors around what makes the call, as one. */
function chained<T>(interceptors: readonly ClientInterceptor[], make: Make<T>): MakeCall<T> {
  const last: MakeCall<T> = (request, call) => {
    checkMetadataSize(call.metadata);
    const intercepted = call as InterceptedCall;
    return make(request, intercepted.options, intercepted);
  };
  return interceptors.reduceRight((next, intercept) => intercept(next), last);
}

function interceptedCall(route: CallRoute, options: CallOptions): InterceptedCall {
  const { service, method, path, reserveMs, channel } = route;
  const { timeoutMs = route.timeoutMs } = options;
  const incomingDeadline = currentCall()?.deadline;
  return new InterceptedCall({
    service,
    method,
    path,
    target: channel.address,
    deadline: outgoingDeadline({ timeoutMs, incomingDeadline, reserveMs }),
    metadata: ownMetadata(options),
    options,
  });
}

function feedRequests(method: MethodDefinition, request: unknown, sink: RequestSink): () => void {
  if (!method.requestStream) {
    sink.send(encodeRequest(method, request));
    sink.finish();
    return () => {};
  }
  if (isObservable(request)) {
    return feedObservable(request.pipe(map((each) => encodeRequest(method, each))), sink);
  }
  return feedIterable(encodeEach(method, request as AsyncIterable<unknown>), sink);
}

async function* encodeEach(method: MethodDefinition, requests: AsyncIterable<unknown>) {
  for await (const request of requests) yield encodeRequest(method, request);
}
