import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { framed } from '../wire/message-decoder.ts';

/**
 * A response as the bytes that travel: what many calls get alike is encoded once for all of them. A
 * handler that streams may yield it in the place of a response; whoever makes it vouches for it.
 */
export class EncodedResponse<T> {
  /** Which message it is; there is nothing behind it. */
  declare readonly message: T;
  readonly bytes: Buffer;
  #framed: Buffer | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The message with the five bytes before it that gRPC wants: not compressed, and its length. */
  get framed(): Buffer {
    return (this.#framed ??= framed(this.bytes));
  }
}

/** Encodes a response ahead of the calls that get it; what is left out has its default. */
export function encodeResponse<Init, T>(
  type: { encode(message: T): BinaryWriter; fromPartial(partial: Init): T },
  response: Init,
): EncodedResponse<T> {
  const bytes = type.encode(type.fromPartial(response)).finish();
  return new EncodedResponse<T>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}
