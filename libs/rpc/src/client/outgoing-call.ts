import { AsyncLocalStorage } from 'node:async_hooks';
import type { StatusObject } from '@grpc/grpc-js';
import { currentCall, detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { callMetadata } from './call-options.ts';
import type { CallOptions } from './call-options.ts';
import { abortError, onAbort } from './cancellation.ts';
import type { Channel } from './channel.ts';
import type { GrpcCall } from './connection.ts';
import { outgoingDeadline } from './deadline.ts';

/** Where the requests of a call go. */
export interface RequestSink {
  /** Sends one message; `onSent` is called when there is room for the next. */
  send(bytes: Buffer, onSent?: () => void): void;
  /** Says that no further message follows. */
  finish(): void;
  /** Ends the call with this error, whatever the server would have answered. */
  fail(error: unknown): void;
}

/** What a call is made from, and whom it tells. */
export interface OutgoingCallOptions {
  readonly channel: Channel;
  readonly path: string;
  readonly options: CallOptions;
  /** Feeds the requests once the call is open. Returns what stops feeding. */
  readonly feed: (sink: RequestSink) => () => void;
  /** Gets each response; what it throws ends the call. */
  readonly onResponse: (bytes: Buffer) => void;
  /** Called once, at the end: without an error when that was OK. */
  readonly onEnd: (error?: unknown) => void;
}

/**
 * One call to a server, of any of the four kinds.
 *
 *     waiting --connected--> open --status---------------------> ended: with that status
 *     waiting, open ----a signal, or the incoming call, aborts-> ended: CANCELLED
 *     waiting, open ----the deadline passes--------------------> ended: DEADLINE_EXCEEDED
 *     open -------------a request or a response is broken------> ended: with that error
 *     waiting, open ----drop()---------------------------------> ended: nobody is told
 *
 * It waits only if it is told to wait for a connection. Ending it in any way but by its status
 * cancels it on the server. Ending it in any way stops the requests, and takes its listeners off
 * all signals.
 */
export class OutgoingCall implements RequestSink {
  readonly #options: OutgoingCallOptions;
  /** Runs what the caller gave in the caller's context: grpc-js calls back in a connection's. */
  readonly #asCaller = AsyncLocalStorage.snapshot();
  readonly #cleanups: (() => void)[] = [];
  #grpcCall: GrpcCall | undefined;
  #hasEnded = false;

  constructor(options: OutgoingCallOptions) {
    this.#options = options;
    this.#orFail(() => this.#begin());
  }

  send(bytes: Buffer, onSent?: () => void): void {
    if (this.#hasEnded) return;
    const callback = onSent && (() => this.#asCaller(onSent));
    this.#grpcCall?.sendMessageWithContext({ callback }, bytes);
  }

  finish(): void {
    if (!this.#hasEnded) this.#grpcCall?.halfClose();
  }

  fail(error: unknown): void {
    this.#end(() => this.#options.onEnd(error));
  }

  /** Cancels the call for somebody who does not care any longer how it ends. */
  drop(): void {
    this.#end(() => {});
  }

  #begin(): void {
    const { channel, options } = this.#options;
    const incoming = currentCall();
    const deadline = outgoingDeadline(options.timeoutMs, incoming?.deadline);
    const signals = [options.signal, incoming?.signal].filter((signal) => signal !== undefined);
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) throw abortError(aborted, deadline);
    if (deadline <= Date.now()) throw new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded');

    this.#cleanups.push(onAbort(signals, (signal) => this.fail(abortError(signal, deadline))));
    if (!options.waitForReady) return this.#open(deadline);
    const waiting = new AbortController();
    this.#cleanups.push(() => waiting.abort());
    channel.ready({ timeoutMs: deadline - Date.now(), signal: waiting.signal }).then(
      () => this.#orFail(() => this.#open(deadline)),
      (error: unknown) => this.fail(error),
    );
  }

  #open(deadline: number): void {
    if (this.#hasEnded) return;
    const { channel, path, options, feed } = this.#options;
    const metadata = callMetadata(options);
    // The sockets and timers behind a call outlive it, so they are not made in its context.
    const grpcCall = detached(() => {
      const call = channel.createCall(path, deadline);
      call.start(metadata, {
        onReceiveMetadata: () => {},
        onReceiveMessage: (bytes: Buffer) => this.#receive(bytes),
        onReceiveStatus: (status) => this.#endWith(status),
      });
      call.startRead();
      return call;
    });
    this.#grpcCall = grpcCall;
    this.#cleanups.push(feed(this));
    // Feeding may have ended the call, before there was anything to clean up.
    if (this.#hasEnded) this.#cleanUp();
  }

  #receive(bytes: Buffer): void {
    if (this.#hasEnded) return;
    this.#orFail(() => this.#asCaller(() => this.#options.onResponse(bytes)));
    this.#grpcCall?.startRead();
  }

  #endWith(status: StatusObject): void {
    // It has ended on its own: there is nothing left to cancel.
    this.#grpcCall = undefined;
    if (status.code !== Code.OK) return this.fail(RpcError.from(status));
    this.#end(() => this.#options.onEnd());
  }

  #end(tell: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const grpcCall = this.#grpcCall;
    if (grpcCall) {
      cancel(grpcCall);
      // grpc-js goes on to open the stream of a call that is cancelled in the tick that made it, and
      // would leave it open: what has come of it a moment later is cancelled too.
      setImmediate(cancel, grpcCall);
    }
    this.#cleanUp();
    this.#asCaller(tell);
  }

  #cleanUp(): void {
    for (const cleanUp of this.#cleanups.splice(0)) cleanUp();
  }

  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }
}

function cancel(grpcCall: GrpcCall): void {
  grpcCall.cancelWithStatus(Code.CANCELLED, 'Cancelled');
}
