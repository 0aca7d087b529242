import { Metadata } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';

/** What a single call may be told. */
export interface CallOptions {
  /**
   * How long the call may take, in milliseconds, 24 hours at most; it never outlives the incoming
   * call that it is made for. Unary calls have the client's default, streams have none.
   */
  readonly timeoutMs?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** What is sent along, besides the request. */
  readonly metadata?: Metadata | Readonly<Record<string, string>>;
  /** Waits for a connection for as long as the call may take, where it would fail with `UNAVAILABLE`. */
  readonly waitForReady?: boolean;
}

/**
 * The metadata of a call as grpc-js wants it: a copy, to which the call may add. Throws
 * `INVALID_ARGUMENT` for a key or a value that cannot be sent.
 */
export function callMetadata({ metadata = {}, waitForReady = false }: CallOptions): Metadata {
  const copy = metadata instanceof Metadata ? metadata.clone() : new Metadata();
  copy.setOptions({ ...copy.getOptions(), waitForReady });
  if (metadata instanceof Metadata) return copy;
  try {
    for (const [key, value] of Object.entries(metadata)) copy.set(key, value);
  } catch (cause) {
    throw new RpcError(Code.INVALID_ARGUMENT, `Bad metadata: ${(cause as Error).message}`, {
      cause,
    });
  }
  return copy;
}
