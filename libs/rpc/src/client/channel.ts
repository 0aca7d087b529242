import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials as grpcCredentials } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { abortError, onAbort } from './cancellation.ts';
import { closedError } from './closed-channel.ts';
import { ConnectionPool } from './connection-pool.ts';
import { checkedTimeoutMs } from './deadline.ts';
import type { GrpcCall } from './transport/grpc-call.ts';

/** How a channel behaves; every time in milliseconds. */
export interface ChannelOptions {
  /** Insecure by default; `credentials.createSsl(…)` of grpc-js for TLS. */
  readonly credentials?: ChannelCredentials;
  /** How long a peer may take to answer a new connection: 5 s by default. */
  readonly connectTimeoutMs?: number;
  /** The largest message that is sent or received, in bytes: 4 MiB by default. */
  readonly maxMessageBytes?: number;
  /**
   * How long a connection with open calls may be silent before it is probed: 330 s by default, and
   * 20 s for the answer. Servers of gRPC core and Go close a connection that is probed more often
   * than every 5 minutes, and balancers in the network forget one that is silent for 350 s.
   */
  readonly keepaliveTimeMs?: number;
  /**
   * How many connections share the load at most: 3 by default, for one costs a busy client a third
   * of its throughput. They are opened as calls in flight become more; a quiet channel has one.
   */
  readonly connections?: number;
  /**
   * How much a server may send before it is read, in bytes, of one call and of all on a connection:
   * 8 MiB by default. The 64 KiB of HTTP/2 make a large response wait for one round trip after the
   * other.
   */
  readonly flowControlWindowBytes?: number;
}

/** The way to one server. It connects when it is first used, and again after each loss. */
export interface Channel {
  /** `host:port`. */
  readonly address: string;
  /**
   * Connects, and resolves once calls can be sent. Rejects with `DEADLINE_EXCEEDED` after
   * `timeoutMs` (10 s by default, 24 h at most), and with `CANCELLED` when the signal aborts.
   */
  ready(options?: ReadyOptions): Promise<void>;
  /** Ends the channel: open calls may finish, others fail with `UNAVAILABLE`. */
  close(): void;
  /**
   * For what is built on channels: a call of a full method path, not started yet. The deadline is
   * in epoch milliseconds. Throws `UNAVAILABLE` when the channel is closed.
   */
  createCall(path: string, deadline: number): GrpcCall;
}

/** How long to wait for a connection. */
export interface ReadyOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens a channel to `host:port` (a name, an IPv4 address, or an IPv6 address in brackets). Throws a
 * TypeError for any other address, and a RangeError for a timeout that is none.
 */
export function openChannel(address: string, options: ChannelOptions = {}): Channel {
  if (!/^(\[[\da-fA-F:.%]+\]|[^:/\s]+):\d{1,5}$/.test(address)) {
    throw new TypeError(`Not an address of the form host:port: ${address}`);
  }
  const connections = options.connections ?? 3;
  if (!(Number.isInteger(connections) && connections > 0)) {
    throw new RangeError(`Not a number of connections: ${connections}`);
  }
  const listeners = new Set<() => void>();
  let isClosed = false;
  const pool = new ConnectionPool({
    address,
    credentials: options.credentials ?? grpcCredentials.createInsecure(),
    connectTimeoutMs: checkedTimeoutMs(options.connectTimeoutMs ?? 5_000),
    maxMessageBytes: options.maxMessageBytes ?? 4 * 1024 * 1024,
    keepaliveTimeMs: checkedTimeoutMs(options.keepaliveTimeMs ?? 330_000),
    flowControlWindowBytes: options.flowControlWindowBytes ?? 8 * 1024 * 1024,
    size: connections,
    onChange: tellListeners,
  });

  async function ready({ timeoutMs = 10_000, signal }: ReadyOptions = {}): Promise<void> {
    const limitMs = checkedTimeoutMs(timeoutMs);
    if (signal?.aborted) throw abortError(signal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (isClosed) reject(closedError(address));
      else if (pool.connect()) resolve();
    };
    const timer = setTimeout(() => {
      const message = `No connection to ${address} within ${limitMs} ms`;
      reject(new RpcError(Code.DEADLINE_EXCEEDED, message));
    }, limitMs);
    const remove = onAbort(signal ? [signal] : [], (aborted) => reject(abortError(aborted)));
    listeners.add(check);
    try {
      check();
      await promise;
    } finally {
      clearTimeout(timer);
      listeners.delete(check);
      remove();
    }
  }

  function tellListeners(): void {
    for (const listener of listeners) listener();
  }

  return {
    address,
    ready,
    close() {
      isClosed = true;
      pool.close();
      tellListeners();
    },
    createCall(path, deadline) {
      if (isClosed) throw closedError(address);
      return pool.createCall(path, deadline);
    },
  };
}
