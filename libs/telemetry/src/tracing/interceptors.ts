import {
  context,
  propagation,
  SpanKind,
  trace,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_CLIENT_PORT,
  ATTR_RPC_METHOD,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  RPC_SYSTEM_NAME_VALUE_GRPC,
} from '@opentelemetry/semantic-conventions';
import {
  currentCall,
  type ClientInterceptor,
  type HostInterceptor,
  type ServeRequests,
} from '@trivium/rpc';
import type { CallSpans } from './log-fields.ts';
import { metadataGetter, metadataSetter } from './metadata-carrier.ts';
import { endClientSpan, endServerSpan } from './span-ending.ts';

/**
 * Gives each call that a host serves a span, as a child of its caller's, and runs its handler in it.
 * Names and attributes are those of OpenTelemetry's conventions for gRPC.
 */
export function traceServed(tracer: Tracer, spans: CallSpans): HostInterceptor {
  return <Outcome>(next: ServeRequests<Outcome>): ServeRequests<Outcome> =>
    (requests, call) => {
      const caller = propagation.extract(context.active(), call.metadata, metadataGetter);
      const name = spanName(call.path);
      const attributes: Attributes = {
        [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
        [ATTR_RPC_METHOD]: name,
        ...addressAttributes(call.peer, ATTR_CLIENT_ADDRESS, ATTR_CLIENT_PORT),
      };
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
      // A refused call is served by nobody, and has no log of its own.
      const served = currentCall();
      if (served) spans.set(served, span);
      call.onEnd((error) => {
        endServerSpan(span, error);
        // Its line in the log is written in this turn.
        if (served) queueMicrotask(() => spans.delete(served));
      });
      const inSpan = trace.setSpan(caller, span);
      // So that what outlives the call, as an operation does, can be linked to a trace that begins here.
      if (!trace.getSpanContext(caller)) propagation.inject(inSpan, call.metadata, metadataSetter);
      const outcome = context.with(inSpan, () => next(requests, call));
      return call.method.responseStream
        ? (iterateIn(inSpan, outcome as AsyncIterable<unknown>) as Outcome)
        : outcome;
    };
}

/** Gives each call that a client makes a span, and sends its context along as `traceparent`. */
export function traceMade(tracer: Tracer): ClientInterceptor {
  return (next) => (request, call) => {
    const active = context.active();
    const name = spanName(call.path);
    const attributes: Attributes = {
      [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
      [ATTR_RPC_METHOD]: name,
      ...addressAttributes(call.target, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT),
    };
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, active);
    call.onEnd((error) => endClientSpan(span, error));
    propagation.inject(trace.setSpan(active, span), call.metadata, metadataSetter);
    return next(request, call);
  };
}

/** `shop.catalog.v1.Catalog/GetProduct`: the path without its first slash. */
function spanName(path: string): string {
  return path.slice(1);
}

/** Of `host:port`; nothing of what has no port, such as `unknown`. */
function addressAttributes(address: string, host: string, port: string): Attributes | undefined {
  const colon = address.lastIndexOf(':');
  if (colon < 0) return undefined;
  const isBracketed = address.startsWith('[');
  const name = isBracketed ? address.slice(1, colon - 1) : address.slice(0, colon);
  return { [host]: name, [port]: Number(address.slice(colon + 1)) };
}

/** A generator runs in the context of whoever asks it for its next value, and not of its call. */
function iterateIn<T>(inSpan: Context, values: AsyncIterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = values[Symbol.asyncIterator]();
      return {
        next: () => context.with(inSpan, () => iterator.next()),
        return: async () =>
          context.with(inSpan, () => iterator.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
