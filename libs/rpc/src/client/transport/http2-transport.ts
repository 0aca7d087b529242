import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { AuthContext, CallCredentials } from './grpc-call.ts';
import { Keepalive } from './keepalive.ts';

/** What a transport is made from. */
export interface TransportOptions {
  readonly session: ClientHttp2Session;
  readonly scheme: 'http' | 'https';
  /** `host:port`, as the caller knows it. */
  readonly authority: string;
  /** `host:port`, as the network knows it. */
  readonly peer: string;
  readonly authContext: AuthContext;
  /** What each call is signed with; undefined for nothing. */
  readonly callCredentials: CallCredentials | undefined;
  readonly keepaliveTimeMs: number;
  readonly flowControlWindowBytes: number;
}

/** How the peer said that it goes away (RFC 9113, 6.8). */
interface GoAway {
  readonly code: number;
  readonly lastStreamId: number;
  /** What it said besides. */
  readonly reason: string;
}

/**
 * One HTTP/2 connection, from the moment that it may carry calls.
 *
 *     usable --GOAWAY, or close()-----------> draining: its calls go on, and no others begin
 *     usable, draining --it breaks----------> lost
 *     draining --its last call has ended----> lost, without any harm
 */
export class Http2Transport {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly peer: string;
  readonly authContext: AuthContext;
  readonly callCredentials: CallCredentials | undefined;
  /** Told once, when no more calls may begin. */
  onUnusable = () => {};
  /** Told when there is room for more calls than before. */
  onRoom = () => {};
  readonly #session: ClientHttp2Session;
  readonly #keepalive: Keepalive;
  #goAway: GoAway | undefined;
  #openStreams = 0;
  #maxStreams: number;
  #isUsable = true;
  #lossReason: string | undefined;

  constructor(options: TransportOptions) {
    const { session, keepaliveTimeMs: timeMs } = options;
    this.scheme = options.scheme;
    this.authority = options.authority;
    this.peer = options.peer;
    this.authContext = options.authContext;
    this.callCredentials = options.callCredentials;
    this.#session = session;
    this.#keepalive = new Keepalive({
      session,
      timeMs,
      isNeeded: () => this.#openStreams > 0,
      onSilence: (reason) => this.destroy(reason),
    });
    this.#maxStreams = maxStreamsOf(session);
    session.setLocalWindowSize(options.flowControlWindowBytes);
    session.on('remoteSettings', () => {
      this.#maxStreams = maxStreamsOf(session);
      this.onRoom();
    });
    session.on('goaway', (code: number, lastStreamId: number, data?: Buffer) => {
      this.#goAway = { code, lastStreamId, reason: data?.toString() ?? '' };
      this.#becomeUnusable();
    });
    session.on('error', ({ message }: Error) => {
      this.#lossReason ??= message;
      this.#becomeUnusable();
    });
    session.on('close', () => this.#becomeUnusable());
    // A process may end while nobody calls.
    session.unref();
  }

  /** Whether calls may begin. */
  get isUsable(): boolean {
    return this.#isUsable && !this.#session.closed && !this.#session.destroyed;
  }

  /** Whether one more call may begin: how many there may be at a time is up to the peer. */
  get hasRoom(): boolean {
    return this.#openStreams < this.#maxStreams;
  }

  /** Whether the connection is gone, and why. */
  get loss(): string | undefined {
    if (!this.#session.destroyed) return undefined;
    return this.#lossReason ?? 'The connection was closed';
  }

  /** The HTTP/2 code with which the peer went away, if it did. */
  get goAwayCode(): number | undefined {
    return this.#goAway?.code;
  }

  /** Whether the peer went away because it was probed too often, which it says in these words (gRFC A8). */
  get wasProbedTooOften(): boolean {
    return this.#goAway?.reason === 'too_many_pings';
  }

  /** Opens a stream, whose end `streamEnded` has to be told of. Throws for headers that cannot be sent. */
  request(headers: string[]): ClientHttp2Stream {
    const stream = this.#session.request(headers, OPEN);
    this.#openStreams += 1;
    if (this.#openStreams === 1) {
      this.#session.ref();
      this.#keepalive.start();
    }
    return stream;
  }

  /** A call no longer needs its stream. */
  streamEnded(): void {
    this.#openStreams -= 1;
    if (this.#openStreams === 0) this.#session.unref();
  }

  /** Whether the peer has said that it has not looked at this stream, nor will. */
  hasNotSeen(stream: ClientHttp2Stream): boolean {
    // Without a number it was not even sent.
    return (
      stream.id === undefined || (this.#goAway ? stream.id > this.#goAway.lastStreamId : false)
    );
  }

  /** Lets its calls end, and then closes the connection. */
  close(): void {
    this.#session.close();
    this.#becomeUnusable();
  }

  /** Breaks the connection, and its calls. */
  destroy(reason: string): void {
    this.#lossReason = reason;
    this.#session.destroy();
    this.#becomeUnusable();
  }

  #becomeUnusable(): void {
    if (this.#session.destroyed) this.#keepalive.stop();
    if (!this.#isUsable) return;
    this.#isUsable = false;
    this.onUnusable();
  }
}

const OPEN = { endStream: false };

function maxStreamsOf({ remoteSettings }: ClientHttp2Session): number {
  return remoteSettings?.maxConcurrentStreams ?? Infinity;
}
