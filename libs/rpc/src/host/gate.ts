import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Logger } from '../logger.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';
import type { Calls } from './calls.ts';
import { grpcTimeoutMs } from './grpc-timeout.ts';
import type { Admission } from './overload/admission.ts';
import type { RefusalLog } from './refusal-log.ts';
import { describeRefusedCall } from './refused-call.ts';
import type { TellOfRefusal } from './tell-of-refusal.ts';

/** Answers a request that there is no room for, and returns whether it has. */
export type Gate = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

/** What the gate of a method is made from. */
export interface GateOptions {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  readonly path: string;
  readonly calls: Calls;
  readonly admission: Admission;
  readonly defaultTimeoutMs: number;
  readonly refusalLog: RefusalLog;
  readonly tellOfRefusal: TellOfRefusal | undefined;
  readonly log: Logger;
}

/**
 * Creates the gate of a unary method: calls that there is no room for are answered from their
 * headers alone.
 */
export function createGate(options: GateOptions): Gate {
  const { path, calls, admission, tellOfRefusal } = options;
  return (stream, headers) => {
    // That has a status of its own, which needs no haste.
    if (calls.drainRefusal()) return false;
    const timeoutMs = grpcTimeoutMs(headers) ?? options.defaultTimeoutMs;
    const refusal = calls.fullRefusal() ?? admission.refusal(path, timeoutMs);
    if (!refusal) return false;
    const { error, reason } = refusal;
    // A stream that its caller has reset already takes no answer.
    if (!stream.destroyed && !stream.closed) {
      stream.respond(refusal.headers, { endStream: true });
      // What the caller sends is thrown away: unread, it would keep the stream open.
      stream.resume();
    }
    options.refusalLog.note(reason);
    if (tellOfRefusal) {
      const deadline = Date.now() + timeoutMs;
      tellOfRefusal(describeRefusedCall({ ...options, stream, headers, deadline, error }), error);
    }
    return true;
  };
}
