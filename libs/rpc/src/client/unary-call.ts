import type { Metadata, StatusObject } from '@grpc/grpc-js';
import { currentCall, detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { callMetadata } from './call-options.ts';
import type { CallOptions } from './call-options.ts';
import type { CallRoute } from './call-route.ts';
import { abortError, listen, unlisten } from './cancellation.ts';
import type { InterceptedCall } from './client-call.ts';
import { checkTimeLeft, outgoingDeadline } from './deadline.ts';
import { cardinalityError, decodeResponse, encodeRequest } from './message-codec.ts';
import type { CallListener, GrpcCall } from './transport/grpc-call.ts';
import { BUFFER_HINT } from './transport/http2-call.ts';

/** Where the outcome of a call goes. */
export interface Outcome {
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The end follows the one message at once. */
const MORE_FOLLOWS = { flags: BUFFER_HINT };

/**
 * One unary call, with the states of an `OutgoingCall`. Of its own because there are so many: it is
 * itself what its transport and its signals call back, and makes nothing besides itself.
 */
export class UnaryCall implements CallListener {
  readonly #route: CallRoute;
  readonly #options: CallOptions;
  readonly #outcome: Outcome;
  readonly #intercepted: InterceptedCall | undefined;
  #deadline = Infinity;
  #incomingSignal: AbortSignal | undefined;
  #waiting: AbortController | undefined;
  #grpcCall: GrpcCall | undefined;
  #response: unknown;
  #hasResponse = false;
  #hasEnded = false;

  constructor(
    route: CallRoute,
    {
      options,
      outcome,
      intercepted,
    }: {
      readonly options: CallOptions;
      readonly outcome: Outcome;
      readonly intercepted?: InterceptedCall | undefined;
    },
  ) {
    this.#route = route;
    this.#options = options;
    this.#outcome = outcome;
    this.#intercepted = intercepted;
  }

  /** Only interceptors look at it. */
  get ignoresMetadata(): boolean {
    return this.#intercepted === undefined;
  }

  /** Makes the call. Throws what keeps it from being made. */
  start(request: unknown): void {
    const { signal, timeoutMs = this.#route.timeoutMs, waitForReady } = this.#options;
    const { reserveMs, method } = this.#route;
    const incoming = currentCall();
    const incomingDeadline = incoming?.deadline;
    this.#deadline =
      this.#intercepted?.deadline ?? outgoingDeadline({ timeoutMs, incomingDeadline, reserveMs });
    if (signal?.aborted) throw abortError(signal, this.#deadline);
    if (incoming?.signal.aborted) throw abortError(incoming.signal, this.#deadline);
    checkTimeLeft(this.#deadline, incomingDeadline);
    const metadata = this.#intercepted?.metadata ?? callMetadata(this.#options);
    const bytes = encodeRequest(method, request);

    if (waitForReady) this.#openWhenReady(metadata, bytes);
    else if (incoming) detached(() => this.#open(metadata, bytes));
    else this.#open(metadata, bytes);
    // Nothing has ended it yet: the transport calls back later.
    if (signal) listen(signal, this);
    if (!incoming) return;
    this.#incomingSignal = incoming.signal;
    listen(incoming.signal, this);
  }

  onAbort(signal: AbortSignal): void {
    this.#fail(abortError(signal, this.#deadline));
  }

  onReceiveMetadata(metadata: Metadata): void {
    if (this.#intercepted) this.#intercepted.responseHeaders = metadata;
  }

  onReceiveMessage(bytes: Buffer): void {
    if (this.#hasEnded) return;
    if (this.#hasResponse) return this.#fail(cardinalityError('more than one'));
    try {
      this.#response = decodeResponse(this.#route.method, bytes);
    } catch (error) {
      return this.#fail(error);
    }
    this.#hasResponse = true;
    this.#grpcCall?.startRead();
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#hasEnded) return;
    // It has ended on its own: there is nothing left to cancel.
    this.#grpcCall = undefined;
    if (this.#intercepted) this.#intercepted.responseTrailers = status.metadata;
    if (status.code !== Code.OK) return this.#fail(RpcError.from(status));
    if (!this.#hasResponse) return this.#fail(cardinalityError('no'));
    this.#end();
    this.#outcome.resolve(this.#response);
  }

  #openWhenReady(metadata: Metadata, bytes: Buffer): void {
    this.#waiting = new AbortController();
    const timeoutMs = this.#deadline - Date.now();
    this.#route.channel.ready({ timeoutMs, signal: this.#waiting.signal }).then(
      () => {
        if (this.#hasEnded) return;
        try {
          detached(() => this.#open(metadata, bytes));
        } catch (error) {
          this.#fail(error);
        }
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** Outside of the incoming call: the sockets and timers behind a call outlive it. */
  #open(metadata: Metadata, bytes: Buffer): void {
    const grpcCall = this.#route.channel.createCall(this.#route.path, this.#deadline);
    this.#grpcCall = grpcCall;
    grpcCall.start(metadata, this);
    grpcCall.sendMessageWithContext(MORE_FOLLOWS, bytes);
    grpcCall.halfClose();
    grpcCall.startRead();
  }

  #fail(error: unknown): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#grpcCall?.cancelWithStatus(Code.CANCELLED, 'Cancelled');
    this.#outcome.reject(error);
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#options.signal) unlisten(this.#options.signal, this);
    if (this.#incomingSignal) unlisten(this.#incomingSignal, this);
    this.#waiting?.abort();
  }
}
