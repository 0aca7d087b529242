import { AsyncLocalStorage } from 'node:async_hooks';
import type { StatusObject } from '@grpc/grpc-js';
import { currentCall, detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { callMetadata } from './call-options.ts';
import type { CallOptions } from './call-options.ts';
import { abortError, onAbort } from './cancellation.ts';
import type { CallRoute } from './call-route.ts';
import type { InterceptedCall } from './client-call.ts';
import { checkTimeLeft, outgoingDeadline } from './deadline.ts';
import type { GrpcCall } from './transport/grpc-call.ts';

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
  readonly route: CallRoute;
  readonly options: CallOptions;
  /** What interceptors see of it, if there are some. */
  readonly intercepted?: InterceptedCall | undefined;
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
  /** Runs what the caller gave in the caller's context: what comes back does so in a connection's. */
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
    const { route, options, intercepted } = this.#options;
    const { timeoutMs = route.timeoutMs } = options;
    const { reserveMs } = route;
    const incoming = currentCall();
    const incomingDeadline = incoming?.deadline;
    const deadline =
      intercepted?.deadline ?? outgoingDeadline({ timeoutMs, incomingDeadline, reserveMs });
    const signals = [options.signal, incoming?.signal].filter((signal) => signal !== undefined);
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) throw abortError(aborted, deadline);
    checkTimeLeft(deadline, incomingDeadline);

    this.#cleanups.push(onAbort(signals, (signal) => this.fail(abortError(signal, deadline))));
    if (!options.waitForReady) return this.#open(deadline);
    const waiting = new AbortController();
    this.#cleanups.push(() => waiting.abort());
    route.channel.ready({ timeoutMs: deadline - Date.now(), signal: waiting.signal }).then(
      () => this.#orFail(() => this.#open(deadline)),
      (error: unknown) => this.fail(error),
    );
  }

  #open(deadline: number): void {
    if (this.#hasEnded) return;
    const { route, options, intercepted, feed } = this.#options;
    const metadata = intercepted?.metadata ?? callMetadata(options);
    // The sockets and timers behind a call outlive it, so they are not made in its context.
    const grpcCall = detached(() => {
      const call = route.channel.createCall(route.path, deadline);
      call.start(metadata, {
        onReceiveMetadata: (received) => {
          if (intercepted) intercepted.responseHeaders = received;
        },
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
    if (this.#hasEnded) return;
    const { intercepted } = this.#options;
    if (intercepted) intercepted.responseTrailers = status.metadata;
    // It has ended on its own: there is nothing left to cancel.
    this.#grpcCall = undefined;
    if (status.code !== Code.OK) return this.fail(RpcError.from(status));
    this.#end(() => this.#options.onEnd());
  }

  #end(tell: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#grpcCall?.cancelWithStatus(Code.CANCELLED, 'Cancelled');
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
