import type { StatusObject } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';

/**
 * How calls end on a channel that its owner has closed: `UNAVAILABLE`, and in the words of gRFC A6
 * that there is no use in another attempt.
 */
export function closedStatus(address: string): StatusObject {
  const metadata = new Metadata();
  metadata.set('grpc-retry-pushback-ms', '-1');
  return { code: Code.UNAVAILABLE, details: `The channel to ${address} is closed`, metadata };
}

/** The same as an error. */
export function closedError(address: string): RpcError {
  return RpcError.from(closedStatus(address));
}
