import { gunzipSync, inflateSync } from 'node:zlib';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MessageSource } from './message-decoder.ts';

/** The compressions that messages may have, as `grpc-accept-encoding` names them. */
export const ACCEPTED_ENCODINGS = 'identity,deflate,gzip';

const inflaters = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
]);

/**
 * The bytes of a compressed message. At once and not in another thread, which would let what follows
 * overtake it: to decode that many bytes takes longer. Throws `INTERNAL` for what is not compressed
 * as its sender said, `RESOURCE_EXHAUSTED` for what gets larger than the limit, and `UNIMPLEMENTED`
 * for a caller's compression that is unknown, as gRPC asks of servers (gRPC, "Compression").
 */
export function inflate(
  bytes: Buffer,
  encoding: string | undefined,
  { sender, maxMessageBytes }: MessageSource,
): Buffer {
  const inflater = inflaters.get(encoding ?? 'identity');
  if (!inflater) {
    const isNew = sender === 'caller' && encoding !== undefined && encoding !== 'identity';
    const message = `The ${sender} sent a compressed message, and its compression is ${encoding}`;
    throw new RpcError(isNew ? Code.UNIMPLEMENTED : Code.INTERNAL, message);
  }
  try {
    return inflater(bytes, { maxOutputLength: Math.max(1, maxMessageBytes) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const message = `The ${sender} sent a message that inflates beyond ${maxMessageBytes} bytes`;
      throw new RpcError(Code.RESOURCE_EXHAUSTED, message, { cause });
    }
    const message = `The ${sender} sent a message that is no ${encoding}`;
    throw new RpcError(Code.INTERNAL, message, { cause });
  }
}
