import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_RPC_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import { Code, codeName, type RpcError } from '@trivium/rpc';

/**
 * The codes that are a fault of the side that serves; any other is an answer that its caller may
 * expect. Source: https://opentelemetry.io/docs/specs/semconv/rpc/grpc
 */
const serverErrors: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** Ends the span of a call that is served. */
export function endServerSpan(span: Span, error: RpcError | undefined): void {
  endSpan(span, error, error !== undefined && serverErrors.has(error.code));
}

/** Ends the span of a call that was made: to its caller, whatever is not OK is an error. */
export function endClientSpan(span: Span, error: RpcError | undefined): void {
  endSpan(span, error, error !== undefined);
}

function endSpan(span: Span, error: RpcError | undefined, isError: boolean): void {
  const code = codeName(error?.code ?? Code.OK);
  span.setAttribute(ATTR_RPC_STATUS_CODE, code);
  if (isError) {
    span.setAttribute(ATTR_ERROR_TYPE, code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
  }
  span.end();
}
