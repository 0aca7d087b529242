import type { ServerHttp2Stream } from 'node:http2';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { MessageReader } from '../wire/message-reader.ts';

/** How requests are read. */
export interface RequestReaderOptions {
  /** The largest request, in bytes. */
  readonly maxMessageBytes: number;
  /**
   * Set it for a stream of requests: a client on Node.js that cancels one ends it first and resets it
   * a moment later, so that half an upload would pass for a whole one. The end of the stream is then
   * believed a moment later.
   */
  readonly awaitsReset: boolean;
  /** What compressed requests are compressed with. */
  readonly encoding: string | undefined;
  /** Told of what is no request; has to end the call, and so to `stop` this. */
  readonly onBadRequest: (error: RpcError) => void;
}

/** How far behind the end of a stream its reset may come. */
const RESET_WINDOW_MS = 5;

/** The requests of a call, pulled, so that a caller is not read faster than its handler asks. */
export class RequestReader {
  readonly #stream: ServerHttp2Stream;
  readonly #options: RequestReaderOptions;
  readonly #messages: MessageReader;
  #reading: PromiseWithResolvers<Buffer | undefined> | undefined;
  #hasEnded = false;
  #stopReason: RpcError | undefined;

  constructor(stream: ServerHttp2Stream, options: RequestReaderOptions) {
    this.#stream = stream;
    this.#options = options;
    const { maxMessageBytes, encoding } = options;
    this.#messages = new MessageReader({ sender: 'caller', maxMessageBytes }, this);
    this.#messages.encoding = encoding;
  }

  /**
   * The next request as it came, or undefined after the last. Rejects with the call's reason once it
   * has ended, as it does after a request that is cut off, too large or none. Only one read at a time.
   */
  read(): Promise<Buffer | undefined> {
    if (this.#stopReason) return Promise.reject(this.#stopReason);
    const reading = Promise.withResolvers<Buffer | undefined>();
    this.#reading = reading;
    try {
      this.#messages.ask();
    } catch (error) {
      this.#options.onBadRequest(RpcError.from(error));
    }
    if (this.#reading) this.#waitForMore();
    return reading.promise;
  }

  /** Takes what has come on the stream. */
  receive(chunk: Buffer): void {
    try {
      this.#messages.receive(chunk);
    } catch (error) {
      return this.#options.onBadRequest(RpcError.from(error));
    }
    if (this.#messages.hasWaiting) this.#stream.pause();
  }

  /** Takes note that nothing more comes. */
  end(): void {
    const believe = () => {
      this.#hasEnded = true;
      if (this.#reading) this.#waitForMore();
    };
    // The second wait lets in what has arrived during the first.
    if (this.#options.awaitsReset) setTimeout(() => setImmediate(believe), RESET_WINDOW_MS);
    else believe();
  }

  /** Reads no more, for a call that has ended with this. */
  stop(reason: RpcError): void {
    this.#stopReason = reason;
    this.#messages.stop();
    this.#reading?.reject(reason);
    this.#reading = undefined;
  }

  /** Told by what cuts messages. */
  onReceiveMessage(message: Buffer): void {
    this.#reading!.resolve(message);
    this.#reading = undefined;
  }

  #waitForMore(): void {
    if (!this.#hasEnded) {
      if (this.#stream.isPaused()) this.#stream.resume();
    } else if (this.#messages.isCutOff) {
      const message = 'The caller ended in the middle of a request';
      this.#options.onBadRequest(new RpcError(Code.INTERNAL, message));
    } else {
      this.#reading!.resolve(undefined);
      this.#reading = undefined;
    }
  }
}
