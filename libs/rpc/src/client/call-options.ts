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
 * What HTTP/2 peers take of headers at most. A larger one is not the end of its call alone: what it
 * does to the compression of headers ends the connection, with every other call on it.
 */
const MAX_METADATA_BYTES = 64 * 1024;

/** Without metadata of its own a call is sent this, and nobody adds to it. */
const NO_METADATA = new Metadata();

/**
 * The metadata of a call, which is not added to but in a copy. Throws
 * `INVALID_ARGUMENT` for a key or a value that cannot be sent, and `RESOURCE_EXHAUSTED` for more
 * than 64 KiB.
 */
export function callMetadata(options: CallOptions): Metadata {
  const { metadata, waitForReady } = options;
  if (metadata === undefined && !waitForReady) return NO_METADATA;
  return ownMetadata(options);
}

/** As `callMetadata`, and nobody else's: interceptors add to it. */
export function ownMetadata({ metadata, waitForReady = false }: CallOptions): Metadata {
  if (metadata instanceof Metadata) {
    const copy = metadata.clone();
    copy.setOptions({ ...copy.getOptions(), waitForReady });
    checkSize(sizeOf(copy));
    return copy;
  }
  const made = new Metadata(waitForReady ? { waitForReady } : {});
  let sizeBytes = 0;
  try {
    for (const key of Object.keys(metadata ?? {})) {
      const value = metadata![key]!;
      made.set(key, value);
      sizeBytes += key.length + String(value).length;
    }
  } catch (cause) {
    const message = `Bad metadata: ${(cause as Error).message}`;
    throw new RpcError(Code.INVALID_ARGUMENT, message, { cause });
  }
  checkSize(sizeBytes);
  return made;
}

/** Throws `RESOURCE_EXHAUSTED` for metadata of more than 64 KiB. */
export function checkMetadataSize(metadata: Metadata): void {
  checkSize(sizeOf(metadata));
}

function sizeOf(metadata: Metadata): number {
  let sizeBytes = 0;
  for (const [key, values] of Object.entries(metadata.toHttp2Headers())) {
    for (const value of [values].flat()) sizeBytes += key.length + String(value).length;
  }
  return sizeBytes;
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= MAX_METADATA_BYTES) return;
  const message = `The metadata has ${sizeBytes} bytes; the limit is ${MAX_METADATA_BYTES}`;
  throw new RpcError(Code.RESOURCE_EXHAUSTED, message);
}
