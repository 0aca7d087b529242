import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { RpcError, type AroundWork } from '@trivium/rpc';
import { endClientSpan } from './span-ending.ts';

/**
 * Gives each attempt at durable work a span, linked to the trace that asked for the work. It stands
 * below what is active, and after a restart, when nothing is, below what asked: so it stays one trace.
 */
export function traceWork(tracer: Tracer): AroundWork {
  return async ({ name, kind, attempt, traceparent }, run) => {
    const carrier = traceparent === undefined ? {} : { traceparent };
    const asked = propagation.extract(ROOT_CONTEXT, carrier);
    const linked = trace.getSpanContext(asked);
    const active = context.active();
    const parent = trace.getSpan(active) ? active : asked;
    const span = tracer.startSpan(
      `operation ${kind}`,
      {
        kind: SpanKind.INTERNAL,
        attributes: {
          'trivium.operation.name': name,
          'trivium.operation.kind': kind,
          'trivium.operation.attempt': attempt,
        },
        links: linked ? [{ context: linked }] : [],
      },
      parent,
    );
    return runIn(span, () => context.with(trace.setSpan(parent, span), run));
  };
}

async function runIn<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    endClientSpan(span, undefined);
    return result;
  } catch (error) {
    endClientSpan(span, RpcError.from(error));
    throw error;
  }
}
