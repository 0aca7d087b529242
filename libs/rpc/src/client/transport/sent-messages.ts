import type { ClientHttp2Stream } from 'node:http2';

/** Told when there is room for more. */
export type WriteCallback = (error?: Error | null) => void;

/** How much of what was sent is kept so that it can be sent again. */
const MAX_KEPT_BYTES = 1024 * 1024;

/**
 * What a call has to say: kept until there is a stream for it, and after that until its server has
 * begun to answer, for a server that has not looked at it is sent all of it again.
 */
export class SentMessages {
  #frames: Buffer[] = [];
  #callbacks: (WriteCallback | undefined)[] | undefined;
  #bytes = 0;
  #isKept = true;
  #isComplete = false;

  /** Whether all that was sent can be sent again. */
  get canRepeat(): boolean {
    return this.#isKept;
  }

  /** Adds a message, and sends it if there is a stream. */
  add(frame: Buffer, stream: ClientHttp2Stream | undefined, callback?: WriteCallback): void {
    if (this.#isKept) {
      this.#frames.push(frame);
      this.#bytes += frame.length;
    }
    if (stream) {
      stream.write(frame, callback);
      if (this.#bytes > MAX_KEPT_BYTES) this.forget();
    } else if (callback) {
      this.#callbacks ??= [];
      this.#callbacks[this.#frames.length - 1] = callback;
    }
  }

  /** No message follows. */
  complete(stream: ClientHttp2Stream | undefined): void {
    this.#isComplete = true;
    stream?.end();
  }

  /** Sends all that there is. */
  sendOn(stream: ClientHttp2Stream): void {
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (this.#isComplete && this.#frames.length === 1 && !callbacks) {
      stream.end(this.#frames[0]);
      return;
    }
    for (const [index, frame] of this.#frames.entries()) stream.write(frame, callbacks?.[index]);
    if (this.#isComplete) stream.end();
  }

  /** Keeps nothing any more. */
  forget(): void {
    this.#isKept = false;
    this.#frames = NONE;
  }
}

const NONE: Buffer[] = [];
