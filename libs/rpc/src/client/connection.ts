import type { ChannelCredentials, ChannelInterface, StatusObject } from '@grpc/grpc-js';
import { Channel as GrpcChannel, connectivityState } from '@grpc/grpc-js';
import { detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { withConnectTimeout } from './connect-timeout.ts';
import { ResetBudget } from './reset-budget.ts';

const { CONNECTING, IDLE, READY } = connectivityState;

/** A call as grpc-js knows it below its clients: bytes out, bytes in, a status. */
export type GrpcCall = ReturnType<ChannelInterface['createCall']>;

/** What grpc-js 1.14 does not show of its calls. `watchStatus` fails where it is gone. */
interface WatchedCall extends GrpcCall {
  addStatusWatcher(watcher: (status: StatusObject) => void): void;
}

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly keepaliveTimeMs: number;
  /** How much a server may send before it is read: of a call, and of all calls together. */
  readonly flowControlWindowBytes: number;
  /** How long it stays connected without calls. */
  readonly idleTimeoutMs: number;
  /** Called after every change of state. */
  readonly onChange: () => void;
  /** Called when its last call has ended. */
  readonly onIdle: (connection: Connection) => void;
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
  readonly #resets = new ResetBudget();
  /** Calls that were made when there was no connection yet. */
  readonly #early = new Set<GrpcCall>();
  #channel: ChannelInterface;
  #stuckTimer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #inFlight = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#credentials = withConnectTimeout(options.credentials, options.connectTimeoutMs);
    this.#channel = this.#open();
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
    return this.#channel.getConnectivityState(false) === READY;
  }

  /** Whether calls can be sent at once; if not, it connects. */
  connect(): boolean {
    return detached(() => this.#channel.getConnectivityState(true)) === READY;
  }

  createCall(path: string, deadline: number): GrpcCall {
    const call = this.#channel.createCall(path, deadline, undefined, null, undefined);
    const state = this.#channel.getConnectivityState(false);
    if (state === IDLE || state === CONNECTING) this.#early.add(call);
    this.#inFlight += 1;
    watchStatus(call, this.#onStatus);
    return call;
  }

  /** Lets its calls end, and takes no others. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#stuckTimer);
    this.#channel.close();
  }

  /** One for all calls: it costs none of them anything. */
  readonly #onStatus = (status: StatusObject) => {
    this.#inFlight -= 1;
    if (mayBeReset(status)) this.#resets.spend();
    if (this.#inFlight === 0) this.#options.onIdle(this);
  };

  #open(): ChannelInterface {
    const { address, maxMessageBytes, keepaliveTimeMs } = this.#options;
    const { flowControlWindowBytes, idleTimeoutMs } = this.#options;
    // Outside of any call: a connection outlives the call that happened to need it first.
    const channel = detached(
      () =>
        new GrpcChannel(`dns:${address}`, this.#credentials, {
          'grpc.max_receive_message_length': maxMessageBytes,
          'grpc.max_send_message_length': maxMessageBytes,
          'grpc.keepalive_time_ms': keepaliveTimeMs,
          'grpc.keepalive_timeout_ms': 20_000,
          'grpc-node.flow_control_window': flowControlWindowBytes,
          'grpc.client_idle_timeout_ms': idleTimeoutMs,
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
    // Servers count by connection: the next one has all of it.
    if (state !== READY) this.#resets.renew();
    if (state === CONNECTING) {
      const limitMs = 2 * this.#options.connectTimeoutMs;
      this.#stuckTimer = setTimeout(() => this.#startAfresh(limitMs), limitMs).unref();
    } else {
      this.#early.clear();
    }
    channel.watchConnectivityState(state, Infinity, () => {
      if (this.#isClosed || channel !== this.#channel) return;
      this.#follow(channel);
      this.#options.onChange();
    });
  }

  /** For what the connect timeout does not reach: a name or a host that does not answer at all. */
  #startAfresh(limitMs: number): void {
    const reason = `No connection to ${this.#options.address} within ${limitMs} ms`;
    for (const call of this.#early) call.cancelWithStatus(Code.UNAVAILABLE, reason);
    const stuck = this.#channel;
    this.#channel = this.#open();
    stuck.close();
    this.#options.onChange();
  }
}

/**
 * Whether a call that ended so may have been reset by this side, which is all that can be told: the
 * server may have said the same. A response that is too large is refused by a reset too.
 */
function mayBeReset({ code, details }: StatusObject): boolean {
  return (
    code === Code.CANCELLED ||
    code === Code.DEADLINE_EXCEEDED ||
    (code === Code.RESOURCE_EXHAUSTED && details.startsWith('Received message larger than max'))
  );
}

function watchStatus(call: GrpcCall, watcher: (status: StatusObject) => void): void {
  const watched = call as WatchedCall;
  if (typeof watched.addStatusWatcher !== 'function') {
    throw new Error('This version of @grpc/grpc-js is unknown: see client/connection.ts');
  }
  watched.addStatusWatcher(watcher);
}
