import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials as grpcCredentials } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { abortError, onAbort } from './cancellation.ts';
import { Connection } from './connection.ts';
import type { GrpcCall } from './connection.ts';
import { checkedTimeoutMs } from './deadline.ts';

/** How a channel behaves; every time in milliseconds. */
export interface ChannelOptions {
  /** Insecure by default; `credentials.createSsl(…)` of grpc-js for TLS. */
  readonly credentials?: ChannelCredentials;
  /** How long a peer may take to answer a new connection: 5 s by default. */
  readonly connectTimeoutMs?: number;
  /** The largest message that is sent or received, in bytes: 4 MiB by default. */
  readonly maxMessageBytes?: number;
  /**
   * How long a connection with open calls may be silent before it is probed: 60 s by default, and
   * 20 s for the answer. Servers may punish more frequent probes.
   */
  readonly keepaliveTimeMs?: number;
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
  const connection = new Connection({
    address,
    credentials: options.credentials ?? grpcCredentials.createInsecure(),
    connectTimeoutMs: checkedTimeoutMs(options.connectTimeoutMs ?? 5_000),
    maxMessageBytes: options.maxMessageBytes ?? 4 * 1024 * 1024,
    keepaliveTimeMs: checkedTimeoutMs(options.keepaliveTimeMs ?? 60_000),
  });

  async function ready({ timeoutMs = 10_000, signal }: ReadyOptions = {}): Promise<void> {
    const limitMs = checkedTimeoutMs(timeoutMs);
    if (signal?.aborted) throw abortError(signal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (connection.isClosed) reject(closedError());
      else if (connection.connect()) resolve();
    };
    const timer = setTimeout(() => {
      const message = `No connection to ${address} within ${limitMs} ms`;
      reject(new RpcError(Code.DEADLINE_EXCEEDED, message));
    }, limitMs);
    const removals = [
      connection.onChange(check),
      onAbort(signal ? [signal] : [], (aborted) => reject(abortError(aborted))),
    ];
    try {
      check();
      await promise;
    } finally {
      clearTimeout(timer);
      for (const remove of removals) remove();
    }
  }

  function closedError(): RpcError {
    return new RpcError(Code.UNAVAILABLE, `The channel to ${address} is closed`);
  }

  return {
    address,
    ready,
    close: () => connection.close(),
    createCall(path, deadline) {
      if (connection.isClosed) throw closedError();
      return connection.createCall(path, deadline);
    },
  };
}
