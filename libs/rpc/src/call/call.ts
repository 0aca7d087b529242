import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';
import { Code, codeOf } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { Logger } from '../logger.ts';
import type { CallContext } from './call-context.ts';
import type { RawCall } from './raw-call.ts';
import { sendError } from './send-error.ts';

/** What a call is made from. */
export interface CallOptions {
  /** The full path of the method. */
  readonly method: string;
  readonly raw: RawCall;
  readonly http2Stream: ServerHttp2Stream;
  readonly log: Logger;
  /** The deadline of a call whose caller set none, in milliseconds from now; `Infinity` for never. */
  readonly defaultTimeoutMs: number;
  /** Called when the call ends, with its error unless it ended well. */
  readonly onEnd: (call: Call, error: RpcError | undefined) => void;
  /** Called when the last byte has left, or nobody is there to take it. */
  readonly onClose: (call: Call) => void;
}

/** How long the last responses of a call may take to leave, before its stream is reset. */
const LINGER_MS = 60_000;

/** What a call that ended well leaves in its signal, for work that was started and not awaited. */
const callEnded = new RpcError(Code.CANCELLED, 'The call has ended');

/**
 * One incoming call, on the host's side.
 *
 *     open --succeed()-------------------> ended: OK
 *     open --fail(error)-----------------> ended: the error's status
 *     open --deadline passes-------------> ended: DEADLINE_EXCEEDED
 *     open --caller resets, or is gone---> ended: CANCELLED
 *     ended --the status has left, or the stream is reset---> closed
 *
 * The first to end it wins; whatever a handler does afterwards has no effect. On ending, the signal
 * aborts and everybody who waits for the caller is woken.
 */
export class Call implements CallContext {
  readonly method: string;
  readonly deadline: number;
  readonly metadata: Metadata;
  readonly raw: RawCall;
  /** When the call arrived, on the clock of `performance.now()`. */
  readonly startedAtMs = performance.now();
  readonly #options: CallOptions;
  readonly #endListeners = new Set<() => void>();
  #ended: { readonly error: RpcError | undefined } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;
  // These three are made when somebody asks: most unary handlers never do.
  #log: Logger | undefined;
  #cancellation: AbortController | undefined;
  #drain: AbortController | undefined;
  #onDrain: (() => void) | undefined;

  constructor(options: CallOptions) {
    const { raw } = options;
    this.#options = options;
    this.method = options.method;
    this.raw = raw;
    this.metadata = raw.metadata;
    const asked = Number(raw.getDeadline());
    this.deadline = asked === Infinity ? Date.now() + options.defaultTimeoutMs : asked;
    raw.once('cancelled', () => this.#close());
    if (this.deadline !== Infinity) {
      const remainingMs = Math.max(0, this.deadline - Date.now());
      this.#timer = setTimeout(() => this.fail(deadlineExceeded()), remainingMs);
    }
  }

  get peer(): string {
    return this.raw.getPeer();
  }

  get log(): Logger {
    return (this.#log ??= this.#options.log.child({ method: this.method }));
  }

  /** What the call travels on, for what is written past grpc-js. */
  get http2Stream(): ServerHttp2Stream {
    return this.#options.http2Stream;
  }

  get signal(): AbortSignal {
    this.#cancellation ??= new AbortController();
    if (this.#ended) this.#cancellation.abort(this.endReason);
    return this.#cancellation.signal;
  }

  get draining(): AbortSignal {
    this.#drain ??= new AbortController();
    if (this.#isDraining) this.#drain.abort();
    return this.#drain.signal;
  }

  /** Whether the call has ended, one way or another. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Why nobody waits for the call any longer; meant for a call that has ended. */
  get endReason(): RpcError {
    return this.#ended?.error ?? callEnded;
  }

  /** What the call has ended with; undefined if that was OK, or if it is open. */
  get error(): RpcError | undefined {
    return this.#ended?.error;
  }

  /** Ends the call with OK, after all that was written. */
  succeed(): void {
    if (this.#end(undefined)) this.raw.end();
  }

  /** Ends the call with the error's status, after all that was written. */
  fail(error: RpcError): void {
    if (this.#end(error)) sendError(this.raw, error);
  }

  /** Ends the call if its deadline has passed already. Returns whether it had. */
  failIfLate(): boolean {
    if (Date.now() < this.deadline) return false;
    this.fail(deadlineExceeded());
    return true;
  }

  /** Tells the handler, by `draining`, that the host is about to stop. */
  announceDrain(): void {
    this.#isDraining = true;
    this.#drain?.abort();
    this.#onDrain?.();
  }

  /** Runs the listener, the only one, when the host begins to drain: for less than `draining` costs. */
  onDrain(listener: () => void): void {
    this.#onDrain = listener;
    if (this.#isDraining) listener();
  }

  /** Runs the listener when the call ends, or now if it has. Returns what takes it back. */
  onEnd(listener: () => void): () => void {
    if (this.#ended) listener();
    else this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  #end(error: RpcError | undefined): boolean {
    if (this.#ended) return false;
    this.#ended = { error };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reset(), LINGER_MS).unref();
    this.#cancellation?.abort(this.endReason);
    for (const listener of this.#endListeners) listener();
    this.#endListeners.clear();
    this.#options.onEnd(this, error);
    return true;
  }

  #close(): void {
    // Every call is closed, and most have ended before: an error for each would cost them its stack.
    if (!this.#ended) this.#end(this.#reasonOfCancellation());
    clearTimeout(this.#timer);
    this.#options.onClose(this);
  }

  #reset(): void {
    this.#options.http2Stream.close(constants.NGHTTP2_CANCEL);
  }

  /** grpc-js says `cancelled` also when it ended the call itself, as for an oversized request. */
  #reasonOfCancellation(): RpcError {
    const { sentTrailers, sentHeaders } = this.#options.http2Stream;
    const sent = { ...sentHeaders, ...sentTrailers };
    const code = codeOf(Number(sent['grpc-status'] ?? Code.OK));
    if (code === Code.DEADLINE_EXCEEDED || Date.now() >= this.deadline) return deadlineExceeded();
    return code === Code.OK
      ? new RpcError(Code.CANCELLED, 'The caller cancelled the call')
      : new RpcError(code, decodeURI(String(sent['grpc-message'])));
  }
}

function deadlineExceeded(): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, 'The deadline of the call has passed');
}
