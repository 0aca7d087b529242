import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';
import type { Deadlines, Expiring } from '../deadlines.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { Logger } from '../logger.ts';
import type { CallContext } from './call-context.ts';
import { CallStream, type CallStreamOwner } from './call-stream.ts';
import type { RequestReader } from './request-reader.ts';

/** How a host has a call in its books. */
export interface Booking {
  readonly kind: CallKind;
  /** Its place among those that are open. */
  readonly place: number;
  isOpen: boolean;
  /** For what it waits until it is no longer in flight: its handler and its last byte. */
  releasesLeft: number;
}

/** A unary call ends soon by itself; a stream may not. */
export type CallKind = 'unary' | 'stream';

/** What a call is made from. */
export interface CallOptions {
  /** The full path of the method. */
  readonly method: string;
  readonly http2Stream: ServerHttp2Stream;
  /** What the caller sent first. */
  readonly headers: IncomingHttpHeaders;
  readonly log: Logger;
  /** How long the call may take, in milliseconds from now; `Infinity` for as long as it likes. */
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
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
export class Call implements CallContext, CallStreamOwner, Expiring {
  readonly method: string;
  readonly deadline: number;
  /** What the call travels on. */
  readonly stream: CallStream;
  expiry: Expiring['expiry'];
  expiryPlace = 0;
  /** Kept for the books of the host. */
  booking: Booking | undefined;
  /** When the call arrived, on the clock of `performance.now()`. */
  readonly startedAtMs = performance.now();
  readonly #options: CallOptions;
  #endListeners: Set<() => void> | undefined;
  #reader: RequestReader | undefined;
  #ended: { readonly error: RpcError | undefined } | undefined;
  #lingering: NodeJS.Timeout | undefined;
  #isDraining = false;
  // These three are made when somebody asks: most unary handlers never do.
  #log: Logger | undefined;
  #cancellation: AbortController | undefined;
  #drain: AbortController | undefined;
  #onDrain: (() => void) | undefined;

  constructor(options: CallOptions) {
    const { timeoutMs } = options;
    this.#options = options;
    this.method = options.method;
    this.stream = new CallStream(options.http2Stream, options.headers, this);
    this.deadline = Date.now() + Math.floor(timeoutMs);
    if (timeoutMs >= 1) options.deadlines.add(this, timeoutMs);
  }

  get metadata(): Metadata {
    return this.stream.metadata;
  }

  get traceparent(): string | undefined {
    return this.stream.traceparent;
  }

  get peer(): string {
    return this.stream.peer;
  }

  get log(): Logger {
    return (this.#log ??= this.#options.log.child({ method: this.method }));
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

  /** Begins to read the requests. Only once. */
  read(options: {
    readonly maxMessageBytes: number;
    readonly awaitsReset: boolean;
  }): RequestReader {
    this.#reader = this.stream.read(options);
    if (this.#ended) this.#reader.stop(this.endReason);
    return this.#reader;
  }

  /** Ends the call with OK, after all that was written and, if there is one, a last response. */
  succeed(lastResponse?: Buffer): void {
    if (this.#end(undefined)) this.stream.succeed(lastResponse);
  }

  /** Ends the call with the error's status, after all that was written. */
  fail(error: RpcError): void {
    if (this.#end(error)) this.stream.fail(error);
  }

  /** Ends the call if its deadline has passed already. Returns whether it had. */
  failIfLate(): boolean {
    if (Date.now() < this.deadline) return false;
    this.onDeadline();
    return true;
  }

  onDeadline(): void {
    this.fail(deadlineExceeded());
  }

  onBadRequest(error: RpcError): void {
    this.fail(error);
  }

  /** The stream is at its end, and so is the call if nothing has ended it before. */
  onClose(): void {
    // Every call is closed, and most have ended before: an error for each would cost them its stack.
    if (!this.#ended) this.#end(this.#reasonOfClose());
    clearTimeout(this.#lingering);
    this.#options.onClose(this);
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
    else (this.#endListeners ??= new Set()).add(listener);
    return () => this.#endListeners?.delete(listener);
  }

  #end(error: RpcError | undefined): boolean {
    if (this.#ended) return false;
    this.#ended = { error };
    this.#options.deadlines.remove(this);
    this.#lingering = setTimeout(() => this.stream.reset(), LINGER_MS).unref();
    this.#cancellation?.abort(this.endReason);
    this.#reader?.stop(this.endReason);
    for (const listener of this.#endListeners ?? []) listener();
    this.#endListeners = undefined;
    this.#options.onEnd(this, error);
    return true;
  }

  #reasonOfClose(): RpcError {
    return Date.now() >= this.deadline
      ? deadlineExceeded()
      : new RpcError(Code.CANCELLED, 'The caller cancelled the call');
  }
}

function deadlineExceeded(): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, 'The deadline of the call has passed');
}
