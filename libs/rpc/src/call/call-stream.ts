import { constants } from 'node:http2';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Metadata } from '@grpc/grpc-js';
import type { RpcError } from '../error/rpc-error.ts';
import { ACCEPTED_ENCODINGS } from '../wire/inflate.ts';
import { framed } from '../wire/message-decoder.ts';
import { RequestReader } from './request-reader.ts';
import { statusHeaders, statusTrailers } from './status-headers.ts';

/** Who is told what becomes of a stream. */
export interface CallStreamOwner {
  /** What came is no request, so that the call has to end with this. */
  onBadRequest(error: RpcError): void;
  /** The status has left, or nobody is there to take it; told once. */
  onClose(): void;
}

/** The stream's owner is found from it, for as long as there is one. */
const CALL_STREAM = Symbol('call stream');

type OwnedStream = ServerHttp2Stream & { [CALL_STREAM]?: CallStream | undefined };

/** How much may wait for a slow reader in each call, in bytes, before its handler has to wait too. */
const MAX_QUEUED_BYTES = 64 * 1024;

/** What every response that has messages begins with. Not compressed: that is for proxies. */
const RESPONSE_HEADERS = [
  ...[':status', '200'],
  ...['content-type', 'application/grpc+proto'],
  ...['grpc-accept-encoding', ACCEPTED_ENCODINGS],
];
const WITH_TRAILERS = { waitForTrailers: true, sendDate: false };
const WITHOUT_BODY = { endStream: true, sendDate: false };
const OK_TRAILERS: OutgoingHttpHeaders = { 'grpc-status': '0' };

/** What of a request's headers is between the two ends of a connection alone. */
const OF_TRANSPORT = [
  ...['grpc-timeout', 'grpc-encoding', 'grpc-accept-encoding'],
  ...['accept-encoding', 'te', 'content-type'],
];

/**
 * The stream of `node:http2` that an incoming call travels on, as gRPC over HTTP2 has it: requests in,
 * responses and one status out.
 *
 *     waiting --write(), succeed()----------> answering --the status--> closed
 *     waiting --the status of an error, alone------------------------> closed
 *     any ------the caller resets it, or its connection breaks-------> closed
 *
 * A closed stream, which Node.js keeps until the next full collection of garbage, knows nothing of its
 * call any more.
 */
export class CallStream {
  readonly http2Stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #owner: CallStreamOwner;
  #metadata: Metadata | undefined;
  #reader: RequestReader | undefined;
  #trailers: OutgoingHttpHeaders | undefined;

  constructor(
    http2Stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    owner: CallStreamOwner,
  ) {
    this.http2Stream = http2Stream;
    this.#headers = headers;
    this.#owner = owner;
    (http2Stream as OwnedStream)[CALL_STREAM] = this;
    http2Stream.on('close', CallStream.#onClose);
    // It may have been broken before it was seen, and has told so.
    if (http2Stream.destroyed) setImmediate(() => this.#close());
  }

  /** What the caller sent along; made when somebody asks. */
  get metadata(): Metadata {
    return (this.#metadata ??= ownMetadata(this.#headers));
  }

  /** As it came. */
  get traceparent(): string | undefined {
    return traceparentOf(this.#headers);
  }

  /** The caller's address, `host:port`, or `unknown`. */
  get peer(): string {
    return peerOf(this.http2Stream);
  }

  /** Begins to read the requests, of at most so many bytes each. */
  read(options: {
    readonly maxMessageBytes: number;
    readonly awaitsReset: boolean;
  }): RequestReader {
    const { http2Stream } = this;
    this.#reader = new RequestReader(http2Stream, {
      ...options,
      encoding: this.#headers['grpc-encoding'] as string | undefined,
      onBadRequest: (error) => this.#owner.onBadRequest(error),
    });
    http2Stream.on('data', CallStream.#onData);
    http2Stream.on('end', CallStream.#onEnd);
    return this.#reader;
  }

  /** Sends a response, framed. Returns whether there is room for another one; if not, `drain` tells. */
  write(frame: Buffer): boolean {
    this.#open();
    const { http2Stream } = this;
    if (!this.#isWritable) return false;
    return http2Stream.write(frame) || http2Stream.writableLength < MAX_QUEUED_BYTES;
  }

  /** Ends the call well, after all that was written and, if there is one, a last response. */
  succeed(lastMessage?: Buffer): void {
    this.#open();
    this.#leaveRequests();
    this.#trailers = OK_TRAILERS;
    if (!this.#isWritable) return;
    if (lastMessage) this.http2Stream.end(framed(lastMessage));
    else this.http2Stream.end();
  }

  /** Ends the call with an error's status, after all that was written. */
  fail(error: RpcError): void {
    const { http2Stream } = this;
    this.#leaveRequests();
    if (!this.#isWritable) return;
    if (http2Stream.headersSent) {
      this.#trailers = statusTrailers(error);
      http2Stream.end();
    } else {
      http2Stream.respond(statusHeaders(error), WITHOUT_BODY);
      this.#close();
    }
  }

  /** Breaks the stream off. */
  reset(): void {
    this.http2Stream.close(constants.NGHTTP2_CANCEL);
  }

  get #isWritable(): boolean {
    const { destroyed, closed } = this.http2Stream;
    return !destroyed && !closed;
  }

  /** Sends the headers of the response, if they have not been sent. */
  #open(): void {
    const { http2Stream } = this;
    if (http2Stream.headersSent || !this.#isWritable) return;
    http2Stream.on('wantTrailers', CallStream.#onWantTrailers);
    // Types of Node.js know headers in a row only for requests.
    http2Stream.respond(RESPONSE_HEADERS as unknown as OutgoingHttpHeaders, WITH_TRAILERS);
  }

  /** What still comes is thrown away: unread, it would keep the stream open. */
  #leaveRequests(): void {
    this.#reader = undefined;
    this.http2Stream.resume();
  }

  #sendTrailers(): void {
    this.http2Stream.sendTrailers(this.#trailers!);
    this.#close();
  }

  #close(): void {
    const stream = this.http2Stream as OwnedStream;
    if (!stream[CALL_STREAM]) return;
    stream[CALL_STREAM] = undefined;
    this.#owner.onClose();
  }

  // One of each for all streams, which leads to the call as long as there is one.
  static readonly #onData = function (this: OwnedStream, chunk: Buffer) {
    const stream = this[CALL_STREAM];
    if (stream) stream.#reader?.receive(chunk);
  };

  static readonly #onEnd = function (this: OwnedStream) {
    const stream = this[CALL_STREAM];
    if (stream) stream.#reader?.end();
  };

  static readonly #onWantTrailers = function (this: OwnedStream) {
    const stream = this[CALL_STREAM];
    if (stream) stream.#sendTrailers();
  };

  static readonly #onClose = function (this: OwnedStream) {
    const stream = this[CALL_STREAM];
    if (stream) stream.#close();
  };
}

/** The metadata of a call, without what is the transport's. */
export function ownMetadata(headers: IncomingHttpHeaders): Metadata {
  const metadata = Metadata.fromHttp2Headers(headers);
  for (const name of OF_TRANSPORT) metadata.remove(name);
  return metadata;
}

/** The trace that a call belongs to, as W3C `traceparent`, as it came. */
export function traceparentOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/** The address at the other end of a stream, `host:port`, or `unknown`. */
export function peerOf(stream: ServerHttp2Stream): string {
  const { remoteAddress, remotePort } = stream.session?.socket ?? {};
  return remoteAddress ? `${remoteAddress}:${remotePort}` : 'unknown';
}
