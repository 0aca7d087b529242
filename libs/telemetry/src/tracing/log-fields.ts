import { isSpanContextValid, trace, type Span } from '@opentelemetry/api';
import { currentCall, type CallContext } from '@trivium/rpc';

/** The spans of the calls that are served, until they have ended. A WeakMap costs a call 2 µs more. */
export type CallSpans = Map<CallContext, Span>;

/**
 * What a line of a log says of its trace, in the names of OpenTelemetry's log data model: those of
 * the active span, or else of the call that is served. The line in which a host logs a call is
 * written when its handler has come back.
 */
export function logFieldsOf(spans: CallSpans): () => object {
  return () => {
    const call = currentCall();
    const span = trace.getActiveSpan() ?? (call && spans.get(call));
    const spanContext = span?.spanContext();
    if (!spanContext || !isSpanContextValid(spanContext)) return {};
    return { trace_id: spanContext.traceId, span_id: spanContext.spanId };
  };
}
