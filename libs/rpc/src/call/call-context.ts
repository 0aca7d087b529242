import { AsyncLocalStorage } from 'node:async_hooks';
import type { Metadata } from '@grpc/grpc-js';
import type { Logger } from '../logger.ts';

/** What a handler may know about the call that it serves. */
export interface CallContext {
  /** The full path, for example `/shop.catalog.v1.Catalog/GetProduct`. */
  readonly method: string;
  /**
   * Aborts when nobody waits for the call any longer: it was cancelled, its deadline passed, its
   * connection broke, or the host was forced to stop. The reason is an `RpcError`. It also aborts,
   * without effect, once the call has ended.
   */
  readonly signal: AbortSignal;
  /** When the call ends with `DEADLINE_EXCEEDED`, in epoch milliseconds; `Infinity` for never. */
  readonly deadline: number;
  /** What the caller sent along. */
  readonly metadata: Metadata;
  /** The trace that the caller is in, as W3C `traceparent`, as it came; without making `metadata`. */
  readonly traceparent: string | undefined;
  /** The caller's address, `host:port`, or `unknown`. */
  readonly peer: string;
  /** The host's log, with the method already in each line. */
  readonly log: Logger;
  /**
   * Aborts when the host begins to drain. A stream that can be resumed then ends by itself, with
   * its cursor; one that is still open shortly after is ended for it with `UNAVAILABLE`.
   */
  readonly draining: AbortSignal;
}

const storage = new AsyncLocalStorage<CallContext | undefined>();

/**
 * The call that the running code serves, or undefined outside any call. It follows `await`, timers
 * and callbacks, so that outgoing calls inherit deadline and cancellation without being handed them.
 */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

/** Runs work as part of a call: all that it starts sees the call in `currentCall()`. */
export function runInCall<T>(call: CallContext, work: () => T): T {
  return storage.run(call, work);
}

/**
 * Runs work outside the current call: nothing that it starts inherits the call's deadline or
 * cancellation. For work that outlives the call which asked for it, such as an operation.
 */
export function detached<T>(work: () => T): T {
  return storage.run(undefined, work);
}
