import type { ChannelCredentials } from '@grpc/grpc-js';
import { detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { closedStatus } from './closed-channel.ts';
import { ResetBudget } from './reset-budget.ts';
import { BackOff } from './transport/back-off.ts';
import { Deadlines } from '../deadlines.ts';
import { dial } from './transport/dial.ts';
import type { GrpcCall } from './transport/grpc-call.ts';
import type { CallHome } from './transport/http2-call.ts';
import { Http2Call } from './transport/http2-call.ts';
import type { Http2Transport } from './transport/http2-transport.ts';
import { ownStatus } from './transport/response-status.ts';

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly keepaliveTimeMs: number;
  /** How much a server may send before it is read: of a call, and of all calls together. */
  readonly flowControlWindowBytes: number;
  /** How long it stays connected without calls, twice that at most. */
  readonly idleTimeoutMs: number;
  /** Called after every change of state. */
  readonly onChange: () => void;
  /** Called when its last call has ended. */
  readonly onIdle: (connection: Connection) => void;
}

/** What keeps a process alive while calls wait for a connection. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * A connection that is made when it is used, and made again, with a growing delay, when it has failed.
 *
 *     idle --used--> connecting --the peer speaks HTTP/2--> ready --lost, going away, unused--> idle
 *                    connecting --refused, or silent--> failing
 *                               failing --after a delay, if somebody waits--> connected to again
 *                               failing --after a delay, if nobody does-----> idle
 *     any --close()--> closed
 *
 * While it fails, calls fail at once with the reason, but for those that rather wait. A peer that goes
 * away (GOAWAY) may still answer what it has; new calls find a new connection.
 */
export class Connection implements CallHome {
  readonly address: string;
  readonly maxMessageBytes: number;
  readonly deadlines = new Deadlines();
  readonly #options: ConnectionOptions;
  readonly #resets = new ResetBudget();
  readonly #backOff = new BackOff();
  /** Calls that wait for a connection, or for room on it. */
  readonly #waiting = new Set<Http2Call>();
  #transport: Http2Transport | undefined;
  /** Aborts when what is being dialled is no longer wanted. */
  #dialling: AbortController | undefined;
  /** Why there is no connection, while that is so. */
  #failure: string | undefined;
  #backOffTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #wait: NodeJS.Timeout | undefined;
  #isWanted = false;
  #isClosed = false;
  #keepaliveTimeMs: number;
  #inFlight = 0;
  #wasUsed = false;

  constructor(options: ConnectionOptions) {
    this.address = options.address;
    this.maxMessageBytes = options.maxMessageBytes;
    this.#options = options;
    this.#keepaliveTimeMs = options.keepaliveTimeMs;
  }

  /** How many calls have not ended yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many more calls it can take so that all of its calls may be cancelled. */
  get room(): number {
    return this.#resets.left - this.#inFlight;
  }

  /** Whether calls can be sent at once. */
  get isReady(): boolean {
    return this.#transport !== undefined && this.#transport.isUsable;
  }

  /** Whether calls can be sent at once; if not, it connects. */
  connect(): boolean {
    if (this.isReady) return true;
    this.#isWanted = true;
    if (!this.#dialling && !this.#backOffTimer && !this.#isClosed) this.#dial();
    return false;
  }

  createCall(path: string, deadline: number): GrpcCall {
    return new Http2Call(this, path, deadline);
  }

  /** Lets its calls end, and takes no others. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#backOffTimer);
    clearTimeout(this.#idleTimer);
    this.#dialling?.abort();
    this.#transport?.close();
    for (const call of [...this.#waiting]) call.refuse(closedStatus(this.address));
  }

  callStarted(): void {
    this.#inFlight += 1;
    this.#wasUsed = true;
  }

  admit(call: Http2Call): void {
    if (this.isReady && this.#transport!.hasRoom) return call.open(this.#transport!);
    if (this.#isClosed) return call.refuse(closedStatus(this.address));
    if (this.#failure !== undefined && !call.waitsForReady) {
      call.refuse(ownStatus(Code.UNAVAILABLE, this.#failure));
    } else {
      this.#waiting.add(call);
      this.#wait ??= setInterval(() => {}, FOREVER_MS);
    }
    if (!this.#transport) this.connect();
  }

  callEnded(call: Http2Call): void {
    this.#inFlight -= 1;
    if (this.#waiting.size > 0) {
      this.#stopWaiting(call);
      this.#admitWaiting();
    }
    if (this.#inFlight === 0) this.#options.onIdle(this);
  }

  streamReset(): void {
    this.#resets.spend();
  }

  /** Outside of any call: a connection outlives the call that happened to need it first. */
  #dial(): void {
    const beganMs = performance.now();
    const dialling = new AbortController();
    this.#dialling = dialling;
    this.#isWanted = false;
    const options = { ...this.#options, keepaliveTimeMs: this.#keepaliveTimeMs };
    detached(() => dial(options, dialling.signal)).then(
      (transport) => {
        this.#dialling = undefined;
        this.#use(transport);
      },
      (error: unknown) => {
        this.#dialling = undefined;
        this.#failed(error, beganMs);
      },
    );
  }

  #use(transport: Http2Transport): void {
    if (this.#isClosed) return transport.close();
    this.#failure = undefined;
    this.#backOff.reset();
    // Servers count by connection: the next one has all of it.
    this.#resets.renew();
    this.#transport = transport;
    transport.onUnusable = () => this.#leave(transport);
    transport.onRoom = () => this.#admitWaiting();
    // It may have gone away already.
    if (!transport.isUsable) return this.#leave(transport);
    this.#closeWhenUnused(transport);
    this.#admitWaiting();
    this.#options.onChange();
  }

  #failed(error: unknown, beganMs: number): void {
    if (this.#isClosed) return;
    const { message = String(error) } = (error ?? {}) as Partial<Error>;
    const isClear = message.startsWith('No connection to');
    this.#failure = isClear ? message : `No connection to ${this.address}: ${message}`;
    const status = ownStatus(Code.UNAVAILABLE, this.#failure);
    for (const call of this.#waiting) {
      if (call.waitsForReady) continue;
      this.#stopWaiting(call);
      // In turns: whoever decides by failures what to do about one must not get all of them at once.
      setImmediate(() => call.refuse(status));
    }
    const delayMs = Math.max(0, beganMs + this.#backOff.next() - performance.now());
    this.#backOffTimer = setTimeout(() => {
      this.#backOffTimer = undefined;
      if (this.#isWanted || this.#waiting.size > 0) this.#dial();
      else this.#failure = undefined;
      this.#options.onChange();
    }, delayMs).unref();
    this.#options.onChange();
  }

  #leave(transport: Http2Transport): void {
    if (transport !== this.#transport) return;
    this.#transport = undefined;
    clearTimeout(this.#idleTimer);
    if (transport.wasProbedTooOften) this.#keepaliveTimeMs *= 2;
    if (this.#isClosed) return;
    if (this.#waiting.size > 0) this.connect();
    this.#options.onChange();
  }

  #admitWaiting(): void {
    for (const call of this.#waiting) {
      if (!this.isReady || !this.#transport!.hasRoom) return;
      this.#stopWaiting(call);
      call.open(this.#transport!);
    }
  }

  #stopWaiting(call: Http2Call): void {
    this.#waiting.delete(call);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#wait);
    this.#wait = undefined;
  }

  #closeWhenUnused(transport: Http2Transport): void {
    this.#wasUsed = false;
    this.#idleTimer = setTimeout(() => {
      if (this.#wasUsed || this.#inFlight > 0) this.#closeWhenUnused(transport);
      else transport.close();
    }, this.#options.idleTimeoutMs).unref();
  }
}
