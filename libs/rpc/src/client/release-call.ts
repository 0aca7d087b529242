import type { GrpcCall } from './connection.ts';

/** How grpc-js 1.14 keeps its calls, from the outermost to what listens to the HTTP/2 stream. */
interface CallLayers extends GrpcCall {
  readonly child?: { readonly underlyingCalls?: readonly { readonly call?: Attempt }[] } | null;
}

interface Attempt {
  readonly child?: { listener?: unknown; decoder?: unknown } | null;
}

/** What an attempt that has ended may still tell and ask, though it never should. */
const nobody = {
  onReceiveMetadata() {},
  onReceiveMessage() {},
  onReceiveStatus() {},
  write: () => [],
};

/**
 * Cuts a call that ended with the server's status off the HTTP/2 stream that it travelled on. Node.js
 * keeps a stream until the next full collection of garbage, and with it all that grpc-js and its
 * caller hold of the call, the last response in pieces among it: of a small call 5 of 11 KB, which to
 * keep and to move takes a tenth of a busy client's time and more. Where grpc-js keeps its calls in
 * another way nothing is cut, and nothing else changes.
 */
export function releaseCall(call: GrpcCall): void {
  const attempts = (call as CallLayers).child?.underlyingCalls;
  if (!attempts) return;
  for (const { call: attempt } of attempts) {
    const onStream = attempt?.child;
    if (onStream?.listener) onStream.listener = nobody;
    if (onStream?.decoder) onStream.decoder = nobody;
  }
}
