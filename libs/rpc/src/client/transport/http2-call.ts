import type { ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { constants } from 'node:http2';
import type { StatusObject } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import type { Deadlines, Expiring } from '../../deadlines.ts';
import { Code } from '../../error/code.ts';
import { RpcError } from '../../error/rpc-error.ts';
import { framed } from '../../wire/message-decoder.ts';
import { MessageReader } from '../../wire/message-reader.ts';
import type { AuthContext, CallCredentials, CallListener, GrpcCall } from './grpc-call.ts';
import type { Http2Transport } from './http2-transport.ts';
import { requestHeaders } from './request-headers.ts';
import {
  brokenStatus,
  httpError,
  isRefusal,
  ownStatus,
  trailersStatus,
} from './response-status.ts';
import type { WriteCallback } from './sent-messages.ts';
import { SentMessages } from './sent-messages.ts';
import { signedMetadata } from './signed-metadata.ts';

/** Where calls get their streams from, and what all of them have in common. */
export interface CallHome {
  readonly address: string;
  readonly maxMessageBytes: number;
  readonly deadlines: Deadlines;
  /** Takes note of a call that has started. */
  callStarted(): void;
  /** Has the call opened or refused, now or as soon as that is known. */
  admit(call: Http2Call): void;
  /** Takes note that a call needs nothing any more. */
  callEnded(call: Http2Call): void;
  /** Takes note that a stream was reset, which a server may count. */
  streamReset(): void;
}

/** Of `WriteFlags` in grpc-js: there is more to come at once, so that both may leave together. */
export const BUFFER_HINT = 1;

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM } = constants;

/** The call that a stream belongs to, for as long as it does. */
const CALL = Symbol('call');

type CallStream = ClientHttp2Stream & { [CALL]?: Http2Call | undefined };

/**
 * One call as gRPC over HTTP2 has it, on a stream of `node:http2`.
 *
 *     made ----------start()-----------------------------------> started
 *     started -------the first read, or something is sent------> waiting
 *     waiting -------open()------------------------------------> open: on a stream
 *     open ----------refused by a server that has not looked---> waiting, but only once
 *     open ----------trailers, a reset, the connection breaks--> ended
 *     any -----------cancelled, the deadline, what is broken---> ended; its stream is reset
 *
 * The stream is not opened before it is needed, so that the one message of a unary call leaves together
 * with its headers, and one that is too large is not even announced. A stream, which Node.js keeps until
 * the next full collection of garbage, knows its call only for as long as that is open.
 */
export class Http2Call implements GrpcCall, Expiring {
  readonly deadline: number;
  expiry: Expiring['expiry'];
  expiryPlace = 0;
  readonly #home: CallHome;
  readonly #path: string;
  #state: 'made' | 'started' | 'waiting' | 'open' | 'ended' = 'made';
  #credentials: CallCredentials | undefined;
  #metadata: Metadata | undefined;
  #listener: CallListener | undefined;
  #reader: MessageReader | undefined;
  #sent = new SentMessages();
  #transport: Http2Transport | undefined;
  #stream: CallStream | undefined;
  #httpStatus = 0;
  #wasRefused = false;
  /** Why the stream broke, if that was not the server's word. */
  #breakage: NodeJS.ErrnoException | undefined;
  /** How the call ends as soon as all of its messages have been read. */
  #trailers: StatusObject | undefined;

  constructor(home: CallHome, path: string, deadline: number) {
    this.#home = home;
    this.#path = path;
    this.deadline = deadline;
  }

  /** Whether it rather waits for a connection than fails where there is none. */
  get waitsForReady(): boolean {
    return this.#metadata?.getOptions().waitForReady === true;
  }

  start(metadata: Metadata, listener: CallListener): void {
    this.#listener = listener;
    if (this.#state === 'ended') return this.#tellLater(ownStatus(Code.CANCELLED, 'Cancelled'));
    this.#metadata = metadata;
    const { maxMessageBytes } = this.#home;
    this.#reader = new MessageReader({ sender: 'server', maxMessageBytes }, listener);
    this.#state = 'started';
    this.#home.callStarted();
    if (this.deadline === Infinity) return;
    const remainingMs = this.deadline - Date.now();
    if (remainingMs > 0) this.#home.deadlines.add(this, remainingMs);
    else this.onDeadline();
  }

  startRead(): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'started') this.#enter();
    const reader = this.#reader!;
    try {
      reader.ask();
    } catch (error) {
      return this.#fail(error);
    }
    if (reader.hasWaiting) return;
    if (this.#stream?.isPaused()) this.#stream.resume();
    this.#endIfRead();
  }

  sendMessageWithContext(
    { callback, flags = 0 }: { readonly callback?: WriteCallback; readonly flags?: number },
    message: Buffer,
  ): void {
    if (this.#state === 'ended') return;
    const { maxMessageBytes } = this.#home;
    if (message.length > maxMessageBytes) {
      const sizes = `${message.length} bytes; the limit is ${maxMessageBytes}`;
      return this.cancelWithStatus(Code.RESOURCE_EXHAUSTED, `The message has ${sizes}`);
    }
    this.#sent.add(framed(message), this.#stream, callback);
    if (this.#state === 'started' && !(flags & BUFFER_HINT)) this.#enter();
  }

  halfClose(): void {
    if (this.#state === 'ended') return;
    this.#sent.complete(this.#stream);
    if (this.#state === 'started') this.#enter();
  }

  cancelWithStatus(code: Code, details: string): void {
    this.#reset();
    this.refuse(ownStatus(code, details));
  }

  onDeadline(): void {
    this.cancelWithStatus(Code.DEADLINE_EXCEEDED, 'Deadline exceeded');
  }

  /** Ends a call that has no stream. */
  refuse(status: StatusObject): void {
    if (this.#end()) this.#tellLater(status);
  }

  setCredentials(credentials: CallCredentials): void {
    this.#credentials = this.#credentials?.compose(credentials) ?? credentials;
  }

  getPeer(): string {
    return this.#transport?.peer ?? this.#home.address;
  }

  getAuthContext(): AuthContext | null {
    return this.#transport?.authContext ?? null;
  }

  /** Calls have no numbers here. */
  getCallNumber(): number {
    return -1;
  }

  /** Begins the call on a connection that has room for it. */
  open(transport: Http2Transport): void {
    this.#state = 'open';
    this.#transport = transport;
    const { callCredentials } = transport;
    const credentials = this.#credentials
      ? (callCredentials?.compose(this.#credentials) ?? this.#credentials)
      : callCredentials;
    if (!credentials) return this.#send(this.#metadata!);
    signedMetadata(this.#metadata!, credentials, { path: this.#path, transport }).then(
      (signed) => {
        if (this.#state === 'open') this.#send(signed);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #enter(): void {
    this.#state = 'waiting';
    this.#home.admit(this);
  }

  #send(metadata: Metadata): void {
    const transport = this.#transport!;
    // It may have gone away while the call was signed.
    if (!transport.isUsable) return this.#enter();
    const remainingMs = this.deadline === Infinity ? Infinity : this.deadline - Date.now();
    if (remainingMs <= 0) return this.onDeadline();
    const { scheme, authority } = transport;
    let stream: CallStream;
    try {
      stream = transport.request(
        requestHeaders({ scheme, authority, path: this.#path, remainingMs, metadata }),
      );
    } catch (cause) {
      const message = `Bad metadata: ${(cause as Error).message}`;
      return this.#fail(new RpcError(Code.INVALID_ARGUMENT, message, { cause }));
    }
    stream[CALL] = this;
    this.#stream = stream;
    stream.on('response', Http2Call.#onResponse);
    stream.on('data', Http2Call.#onData);
    stream.on('trailers', Http2Call.#onTrailers);
    stream.on('error', Http2Call.#onError);
    stream.on('close', Http2Call.#onClose);
    this.#sent.sendOn(stream);
  }

  // One of each for all streams, which leads to the call as long as there is one.
  static readonly #onResponse = function (
    this: CallStream,
    headers: IncomingHttpHeaders & IncomingHttpStatusHeader,
    flags: number,
  ) {
    const call = this[CALL];
    if (call) call.#begin(headers, (flags & NGHTTP2_FLAG_END_STREAM) !== 0);
  };

  static readonly #onData = function (this: CallStream, chunk: Buffer) {
    const call = this[CALL];
    if (call) call.#receive(chunk);
  };

  static readonly #onTrailers = function (this: CallStream, headers: IncomingHttpHeaders) {
    const call = this[CALL];
    if (call) call.#finish(headers);
  };

  static readonly #onError = function (this: CallStream, error: NodeJS.ErrnoException) {
    const call = this[CALL];
    if (call) call.#breakage = error;
  };

  static readonly #onClose = function (this: CallStream) {
    const call = this[CALL];
    if (call) call.#closed(this);
  };

  #begin(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, isAll: boolean): void {
    this.#httpStatus = headers[':status'] ?? 0;
    this.#sent.forget();
    if (isAll) return this.#finish(headers);
    const isGrpc = headers['content-type']?.startsWith('application/grpc');
    if (this.#httpStatus !== 200 && !isGrpc) return this.#failWith(httpError(this.#httpStatus));
    this.#reader!.encoding = headers['grpc-encoding'] as string | undefined;
    const listener = this.#listener!;
    if (!listener.ignoresMetadata) listener.onReceiveMetadata(Metadata.fromHttp2Headers(headers));
  }

  #receive(chunk: Buffer): void {
    const reader = this.#reader!;
    try {
      reader.receive(chunk);
    } catch (error) {
      return this.#fail(error);
    }
    if (reader.hasWaiting) this.#stream?.pause();
    if (this.#trailers) this.#endIfRead();
  }

  #finish(headers: IncomingHttpHeaders): void {
    const status = trailersStatus(headers, this.#httpStatus, this.#listener!.ignoresMetadata);
    const isCutOff = status.code === Code.OK && this.#reader!.isCutOff;
    this.#trailers = isCutOff
      ? ownStatus(Code.INTERNAL, 'The server ended in the middle of a response')
      : status;
    this.#endIfRead();
  }

  #endIfRead(): void {
    const status = this.#trailers;
    if (!status || !this.#stream || this.#stream.readableLength > 0) return;
    if (this.#reader!.hasWaiting) return;
    const stream = this.#leaveStream()!;
    stream.resume();
    if (!stream.writableEnded) this.#stopSending(stream);
    if (this.#end()) this.#listener!.onReceiveStatus(status);
  }

  /** The server wants no more: what it has not taken yet is not pressed on it. */
  #stopSending(stream: CallStream): void {
    if (stream.writableLength === 0) stream.end();
    else this.#resetStream(stream);
  }

  #closed(stream: CallStream): void {
    // What it has brought may be read later.
    if (this.#trailers && stream.readableEnded) return;
    const transport = this.#transport!;
    const breakage = this.#breakage;
    this.#breakage = undefined;
    this.#leaveStream();
    const mayRepeat = this.#httpStatus === 0 && !this.#wasRefused && this.#sent.canRepeat;
    // A connection on which a stream gets no number has none left.
    if (stream.id === undefined) transport.close();
    if (mayRepeat && (isRefusal(stream) || transport.hasNotSeen(stream))) {
      this.#wasRefused = true;
      return this.#enter();
    }
    this.#failWith(brokenStatus({ stream, breakage, transport, httpStatus: this.#httpStatus }));
  }

  #fail(error: unknown): void {
    const { code, message } = RpcError.from(error);
    // A page of a proxy is no message, and its HTTP status says more than that.
    const isPage = this.#httpStatus !== 0 && this.#httpStatus !== 200;
    this.#failWith(isPage ? httpError(this.#httpStatus) : ownStatus(code, message));
  }

  #failWith(status: StatusObject): void {
    this.#reset();
    this.refuse(status);
  }

  #reset(): void {
    const stream = this.#leaveStream();
    if (stream) this.#resetStream(stream);
  }

  #resetStream(stream: CallStream): void {
    stream.close(NGHTTP2_CANCEL);
    this.#home.streamReset();
  }

  #leaveStream(): CallStream | undefined {
    const stream = this.#stream;
    if (!stream) return undefined;
    this.#stream = undefined;
    stream[CALL] = undefined;
    this.#transport!.streamEnded();
    return stream;
  }

  /** Returns whether nothing had ended the call before. */
  #end(): boolean {
    if (this.#state === 'ended') return false;
    const hasStarted = this.#state !== 'made';
    this.#state = 'ended';
    this.#home.deadlines.remove(this);
    this.#reader?.stop();
    this.#sent.forget();
    if (hasStarted) this.#home.callEnded(this);
    return hasStarted;
  }

  /** Never at once: whoever asks something of a call does not expect it to end meanwhile. */
  #tellLater(status: StatusObject): void {
    process.nextTick((listener: CallListener) => listener.onReceiveStatus(status), this.#listener!);
  }
}
