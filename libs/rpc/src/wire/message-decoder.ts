import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';

/** What stands before each message: whether it is compressed, and its length. */
export const PREFIX_BYTES = 5;

/** Whose messages are received, and how large they may be. */
export interface MessageSource {
  readonly sender: 'server' | 'caller';
  readonly maxMessageBytes: number;
}

/** A message as it was received. */
export interface ReceivedMessage {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

/**
 * Cuts what a stream carries into messages (gRPC over HTTP2, "Length-Prefixed-Message"). A message
 * that came in one piece is not copied.
 */
export class MessageDecoder {
  readonly #source: MessageSource;
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  #prefixBytes = 0;
  #partial: Buffer | undefined;
  #partialBytes = 0;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  /** Whether the stream may end here. */
  get isBetweenMessages(): boolean {
    return this.#prefixBytes === 0;
  }

  /**
   * The messages that these bytes complete. Throws `RESOURCE_EXHAUSTED` for one above the limit,
   * before any of it is kept, and `INTERNAL` for what is none.
   */
  decode(chunk: Buffer): ReceivedMessage[] {
    const messages: ReceivedMessage[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (!this.#partial) {
        offset += this.#readPrefix(chunk, offset);
        if (this.#prefixBytes < PREFIX_BYTES) break;
        const sizeBytes = this.#messageBytes();
        if (chunk.length - offset >= sizeBytes) {
          messages.push(this.#complete(chunk.subarray(offset, offset + sizeBytes)));
          offset += sizeBytes;
          continue;
        }
        this.#partial = Buffer.allocUnsafe(sizeBytes);
      }
      const copied = chunk.copy(this.#partial, this.#partialBytes, offset);
      offset += copied;
      this.#partialBytes += copied;
      if (this.#partialBytes === this.#partial.length) messages.push(this.#complete(this.#partial));
    }
    return messages;
  }

  /** Returns how many bytes it has taken. */
  #readPrefix(chunk: Buffer, offset: number): number {
    const end = offset + PREFIX_BYTES - this.#prefixBytes;
    const copied = chunk.copy(this.#prefix, this.#prefixBytes, offset, end);
    this.#prefixBytes += copied;
    return copied;
  }

  #messageBytes(): number {
    const sizeBytes = this.#prefix.readUInt32BE(1);
    checkMessageSize(sizeBytes, this.#source);
    if (this.#prefix[0]! > 1) {
      throw new RpcError(Code.INTERNAL, `The ${this.#source.sender} sent no gRPC message`);
    }
    return sizeBytes;
  }

  #complete(bytes: Buffer): ReceivedMessage {
    this.#prefixBytes = 0;
    this.#partial = undefined;
    this.#partialBytes = 0;
    return { bytes, isCompressed: this.#prefix[0] === 1 };
  }
}

/** Throws `RESOURCE_EXHAUSTED` for a message above the limit. */
export function checkMessageSize(sizeBytes: number, source: MessageSource): void {
  const { sender, maxMessageBytes } = source;
  if (sizeBytes <= maxMessageBytes) return;
  const message = `The ${sender} sent a message of ${sizeBytes} bytes; the limit is ${maxMessageBytes}`;
  throw new RpcError(Code.RESOURCE_EXHAUSTED, message);
}

/** A message as it is sent: as it is, with its prefix. */
export function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
