import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';
import type { CallContext } from '../call/call-context.ts';
import { ownMetadata, peerOf, traceparentOf } from '../call/call-stream.ts';
import type { RpcError } from '../error/rpc-error.ts';
import type { HostCall } from '../interceptor/host-interceptor.ts';
import type { Logger } from '../logger.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';

/** What a refused call is made from. */
export interface RefusedCallOptions {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  readonly path: string;
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly deadline: number;
  readonly error: RpcError;
  readonly log: Logger;
}

/**
 * Describes to interceptors a call that was refused by its headers alone. It has ended when they
 * get it. What they do not ask for is not made, for refusing must stay cheap.
 */
export function describeRefusedCall(options: RefusedCallOptions): HostCall {
  const { service, method, path, deadline, error, headers, stream } = options;
  let metadata: Metadata | undefined;
  const call = {
    service,
    method,
    path,
    deadline,
    startedAtMs: performance.now(),
    get peer() {
      return peerOf(stream);
    },
    get metadata() {
      return (metadata ??= ownMetadata(headers));
    },
    get context(): CallContext {
      return {
        method: path,
        deadline,
        metadata: call.metadata,
        traceparent: traceparentOf(headers),
        peer: call.peer,
        log: options.log.child({ method: path }),
        signal: AbortSignal.abort(error),
        draining: new AbortController().signal,
      };
    },
    onEnd: (listener: (error: RpcError | undefined) => void) => listener(error),
  };
  return call;
}
