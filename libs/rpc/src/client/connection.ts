import type { ChannelCredentials, ChannelInterface } from '@grpc/grpc-js';
import { Channel as GrpcChannel, connectivityState } from '@grpc/grpc-js';
import { detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { withConnectTimeout } from './connect-timeout.ts';

const { CONNECTING, IDLE, READY } = connectivityState;

/** A call as grpc-js knows it below its clients: bytes out, bytes in, a status. */
export type GrpcCall = ReturnType<ChannelInterface['createCall']>;

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly keepaliveTimeMs: number;
}

/**
 * A grpc-js channel with its pitfalls closed. It connects when it is used, and again, with a growing
 * delay, when it has failed.
 *
 *     idle --used--> connecting --connected--> ready --lost--> idle
 *                    connecting --refused, or silent for connectTimeoutMs--> failing
 *                    connecting --for twice that, getting nowhere--> idle: another grpc-js channel
 *                               failing --connected--> ready
 *     any --close()--> closed
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #credentials: ChannelCredentials;
  readonly #listeners = new Set<() => void>();
  /** Calls that were made when there was no connection yet. */
  readonly #early = new Set<GrpcCall>();
  #channel: ChannelInterface;
  #stuckTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#credentials = withConnectTimeout(options.credentials, options.connectTimeoutMs);
    this.#channel = this.#open();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether calls can be sent at once; if not, it connects. */
  connect(): boolean {
    return detached(() => this.#channel.getConnectivityState(true)) === READY;
  }

  /** Runs the listener after every change of state. Returns what takes it back. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createCall(path: string, deadline: number): GrpcCall {
    const call = this.#channel.createCall(path, deadline, undefined, null, undefined);
    const state = this.#channel.getConnectivityState(false);
    if (state === IDLE || state === CONNECTING) this.#early.add(call);
    return call;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#stuckTimer);
    this.#channel.close();
    this.#tellListeners();
  }

  #open(): ChannelInterface {
    const { address, maxMessageBytes, keepaliveTimeMs } = this.#options;
    // Outside of any call: a connection outlives the call that happened to need it first.
    const channel = detached(
      () =>
        new GrpcChannel(`dns:${address}`, this.#credentials, {
          'grpc.max_receive_message_length': maxMessageBytes,
          'grpc.max_send_message_length': maxMessageBytes,
          'grpc.keepalive_time_ms': keepaliveTimeMs,
          'grpc.keepalive_timeout_ms': 20_000,
          'grpc.initial_reconnect_backoff_ms': 100,
          'grpc.max_reconnect_backoff_ms': 2_000,
          // A service that was moved is looked up again this soon.
          'grpc.dns_min_time_between_resolutions_ms': 5_000,
          // Retries belong to one layer, which is not this one; nor does DNS decide about them. What
          // remains is to send again what no server has looked at.
          'grpc.service_config_disable_resolution': 1,
          // A service is called where its address says, whatever proxy the environment names.
          'grpc.enable_http_proxy': 0,
          'grpc.enable_channelz': 0,
          // Shared, a connection could be kept by one channel when another has given it up.
          'grpc.use_local_subchannel_pool': 1,
        }),
    );
    this.#follow(channel);
    return channel;
  }

  #follow(channel: ChannelInterface): void {
    const state = channel.getConnectivityState(false);
    clearTimeout(this.#stuckTimer);
    if (state === CONNECTING) {
      const limitMs = 2 * this.#options.connectTimeoutMs;
      this.#stuckTimer = setTimeout(() => this.#startAfresh(limitMs), limitMs).unref();
    } else {
      this.#early.clear();
    }
    channel.watchConnectivityState(state, Infinity, () => {
      if (this.#isClosed || channel !== this.#channel) return;
      this.#follow(channel);
      this.#tellListeners();
    });
  }

  /** For what the connect timeout does not reach: a name or a host that does not answer at all. */
  #startAfresh(limitMs: number): void {
    const reason = `No connection to ${this.#options.address} within ${limitMs} ms`;
    for (const call of this.#early) call.cancelWithStatus(Code.UNAVAILABLE, reason);
    const stuck = this.#channel;
    this.#channel = this.#open();
    stuck.close();
    this.#tellListeners();
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}
