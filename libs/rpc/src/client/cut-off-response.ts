import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { GrpcCall } from './connection.ts';

/** How grpc-js 1.14 keeps its calls, from the outermost to what cuts bytes into messages. */
interface CallLayers extends GrpcCall {
  readonly child?: { readonly underlyingCalls?: readonly { readonly call?: Attempt }[] } | null;
}

interface Attempt {
  readonly child?: { readonly decoder?: { readonly readState?: number } } | null;
}

/** What a decoder is in before the first byte of a message. */
const BETWEEN_MESSAGES = 0;

/**
 * The error of a call that ended with OK in the middle of a response, or undefined for any other:
 * grpc-js drops the half that is there, and so lets a part of a stream pass for the whole. Where
 * grpc-js keeps its calls in another way it finds nothing.
 */
export function cutOffError(call: GrpcCall | undefined): RpcError | undefined {
  const attempts = (call as CallLayers | undefined)?.child?.underlyingCalls;
  const state = attempts?.at(-1)?.call?.child?.decoder?.readState;
  if (state === undefined || state === BETWEEN_MESSAGES) return undefined;
  return new RpcError(Code.INTERNAL, 'The server ended in the middle of a response');
}
