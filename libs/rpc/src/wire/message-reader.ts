import { inflate } from './inflate.ts';
import { checkMessageSize, MessageDecoder, PREFIX_BYTES } from './message-decoder.ts';
import type { MessageSource, ReceivedMessage } from './message-decoder.ts';

/** Where messages go. */
interface MessageListener {
  onReceiveMessage(message: Buffer): void;
}

/** The messages that a stream brings: cut, inflated, and handed over one at a time, each when it is asked for. */
export class MessageReader {
  /** What compressed messages are compressed with. */
  encoding: string | undefined;
  readonly #source: MessageSource;
  readonly #listener: MessageListener;
  #decoder: MessageDecoder | undefined;
  #waiting: ReceivedMessage[] | undefined;
  #isAsked = false;
  #isTelling = false;

  constructor(source: MessageSource, listener: MessageListener) {
    this.#source = source;
    this.#listener = listener;
  }

  /** Whether there are messages that have not been asked for. */
  get hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.length > 0;
  }

  /** Whether what has been read ends in the middle of a message. */
  get isCutOff(): boolean {
    return this.#decoder !== undefined && !this.#decoder.isBetweenMessages;
  }

  /** Asks for one message. Throws as `receive` does. */
  ask(): void {
    this.#isAsked = true;
    if (this.#waiting) this.#tell();
  }

  /**
   * Takes what has come on the stream. Throws `RESOURCE_EXHAUSTED` for a message above the limit, and
   * `INTERNAL` for what is none.
   */
  receive(chunk: Buffer): void {
    // Nearly all messages come alone, whole, and when they are asked for.
    if (this.#isAsked && !this.#decoder && this.#isOneMessage(chunk)) {
      this.#isAsked = false;
      return this.#listener.onReceiveMessage(chunk.subarray(PREFIX_BYTES));
    }
    this.#decoder ??= new MessageDecoder(this.#source);
    this.#waiting ??= [];
    this.#waiting.push(...this.#decoder.decode(chunk));
    this.#tell();
  }

  /** Hands over no more. */
  stop(): void {
    this.#isAsked = false;
    this.#waiting = undefined;
  }

  #isOneMessage(chunk: Buffer): boolean {
    if (chunk.length < PREFIX_BYTES || chunk[0] !== 0) return false;
    const sizeBytes = chunk.length - PREFIX_BYTES;
    if (chunk.readUInt32BE(1) !== sizeBytes) return false;
    checkMessageSize(sizeBytes, this.#source);
    return true;
  }

  /** Whoever is handed a message may ask for the next one at once. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (this.#isAsked && this.#waiting && this.#waiting.length > 0) {
        const { bytes, isCompressed } = this.#waiting.shift()!;
        this.#isAsked = false;
        this.#listener.onReceiveMessage(
          isCompressed ? inflate(bytes, this.encoding, this.#source) : bytes,
        );
      }
    } finally {
      this.#isTelling = false;
    }
  }
}
