import type { Call } from '../call/call.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { EncodedResponse } from './encoded-response.ts';

/** Under which responses say that they can be pushed. */
export const pushResponses: unique symbol = Symbol('pushResponses');

/**
 * Responses that come by themselves, and to many calls alike. To ask for each of them costs more than
 * to send it, so a host has them pushed; where interceptors stand between, it iterates over them.
 */
export interface PushedResponses<T> extends AsyncIterable<EncodedResponse<T>> {
  /** Begins to push; called once at most, and not when it is iterated over. */
  [pushResponses](sink: ResponseSink<T>): ResponseSource;
}

/** Where responses are pushed to. */
export interface ResponseSink<T> {
  /** Sends a response; returns whether there is room for another one. */
  write(response: EncodedResponse<T>): boolean;
  /** Ends the call well, after all that was written. */
  end(): void;
  /** Ends the call with an error, after all that was written. */
  fail(error: unknown): void;
}

/** What pushes. */
export interface ResponseSource {
  /** There is room again. */
  resume(): void;
  /** The host is about to stop: a source that can be resumed elsewhere ends. */
  drain(): void;
  /** The call has ended, one way or another. */
  stop(): void;
}

/** Whether a handler's responses can be pushed. */
export function arePushed(responses: unknown): responses is PushedResponses<unknown> {
  return typeof responses === 'object' && responses !== null && pushResponses in responses;
}

/** Has responses pushed to a call until it has ended. */
export function pushAll(
  call: Call,
  responses: PushedResponses<unknown>,
  options: PushOptions,
): Promise<void> {
  const { http2Stream } = call.stream;
  return new Promise((resolve) => {
    const source = responses[pushResponses](new CallSink(call, options));
    const resume = () => source.resume();
    http2Stream.on('drain', resume);
    call.onDrain(() => source.drain());
    call.onEnd(() => {
      http2Stream.off('drain', resume);
      source.stop();
      resolve();
    });
  });
}

interface PushOptions {
  readonly maxMessageBytes: number;
  readonly fail: (error: unknown) => void;
}

/** A call that is pushed to. There are thousands of them, so it is small. */
class CallSink implements ResponseSink<unknown> {
  readonly #call: Call;
  readonly #options: PushOptions;

  constructor(call: Call, options: PushOptions) {
    this.#call = call;
    this.#options = options;
  }

  write({ bytes, framed }: EncodedResponse<unknown>): boolean {
    const { hasEnded, stream } = this.#call;
    const { maxMessageBytes } = this.#options;
    if (hasEnded) return false;
    if (bytes.length > maxMessageBytes) {
      this.fail(tooLarge(bytes.length, maxMessageBytes));
      return false;
    }
    // Encoded and framed for all calls alike.
    return stream.write(framed);
  }

  end(): void {
    this.#call.succeed();
  }

  fail(error: unknown): void {
    this.#options.fail(error);
  }
}

/** The error of a response above the limit. */
export function tooLarge(bytes: number, maxMessageBytes: number): RpcError {
  const message = `The response has ${bytes} bytes; the limit is ${maxMessageBytes}`;
  return new RpcError(Code.RESOURCE_EXHAUSTED, message);
}
