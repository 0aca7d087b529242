import type { OutgoingHttpHeaders } from 'node:http2';
import { Code } from '../../error/code.ts';
import { errorInfo, retryInfo } from '../../error/details.ts';
import { RpcError } from '../../error/rpc-error.ts';
import { statusHeaders } from '../../call/status-headers.ts';

/** The domain of the reasons in this host's `ErrorInfo` details. */
export const DOMAIN = 'trivium.rpc';

/** Why a host has no room for a call. */
export type RefusalReason = 'TOO_MANY_CALLS' | 'OVERLOADED' | 'DEADLINE_TOO_CLOSE';

/** What a call is refused with. Made beforehand, for a refusal has to cost less than a call. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly error: RpcError;
  /** The same as the headers of a response that consists of nothing else (gRPC: Trailers-Only). */
  readonly headers: OutgoingHttpHeaders;
}

/** Refuses calls for one reason. */
export type Refuse = () => Refusal;

/**
 * Creates what refuses calls with `RESOURCE_EXHAUSTED` and `RetryInfo`. Where there is more than one
 * delay, they take turns: callers that were refused together shall not come back together.
 */
export function createRefuse(options: {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly retryDelaysMs: readonly [number, ...number[]];
}): Refuse {
  const { reason, message, retryDelaysMs } = options;
  const refusals = retryDelaysMs.map((delayMs): Refusal => {
    const details = [errorInfo({ reason, domain: DOMAIN }), retryInfo(delayMs)];
    const error = new RpcError(Code.RESOURCE_EXHAUSTED, message, { details });
    return { reason, error, headers: statusHeaders(error) };
  });
  let turn = 0;
  return () => refusals[turn++ % refusals.length]!;
}
