import type { Health } from '../health/health.ts';
import type { Calls } from './calls.ts';
import type { GrpcServer } from './grpc-server.ts';
import type { Listener } from './listener.ts';

/** What is drained, and how long it may take. */
export interface DrainOptions {
  readonly health: Pick<Health, 'shutdown'>;
  readonly calls: Calls;
  readonly server: GrpcServer;
  readonly listener: Listener;
  /** How long streams have to end by themselves, in milliseconds. */
  readonly streamGraceMs: number;
  /** When everything that is left is broken off, in milliseconds from the start. */
  readonly timeoutMs: number;
  /** Breaks everything off at once. */
  readonly force: AbortSignal;
}

/** How long the last statuses may take to leave before the connections are broken. */
const FLUSH_MS = 100;

/**
 * Takes a host out of service, in this order:
 *
 * 1. health says NOT_SERVING, and new calls get `UNAVAILABLE`;
 * 2. every call's `draining` aborts, so that streams end by themselves, with their cursors;
 * 3. streams that are still open after their grace are ended with `UNAVAILABLE`, reason `DRAINING`;
 * 4. peers are told to go away (GOAWAY), and unary calls end in their own time;
 * 5. what is left at the timeout is ended with `UNAVAILABLE`, and the connections are broken.
 *
 * Resolves once every connection is closed. Handlers that ignore their signal cannot delay it.
 */
export async function drainHost(options: DrainOptions): Promise<void> {
  const { health, calls, server, listener, force } = options;
  const timeout = within(options.timeoutMs, force);

  health.shutdown();
  calls.startDrain();
  const grace = within(Math.min(options.streamGraceMs, options.timeoutMs), force);
  await Promise.race([calls.whenNoneOpen('stream'), grace.passed]);
  grace.cancel();
  calls.endAll('stream');

  const closed = listener.close();
  server.goAway();
  await Promise.race([closed, timeout.passed]);
  timeout.cancel();

  calls.endAll();
  const flush = within(FLUSH_MS, force);
  await Promise.race([closed, flush.passed]);
  flush.cancel();
  listener.destroyConnections();
  await closed;
}

/** A wait that ends after so many milliseconds, when the signal aborts, or when it is cancelled. */
function within(ms: number, signal: AbortSignal): { passed: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = ms === Infinity ? undefined : setTimeout(end, ms);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  return { passed: promise, cancel: end };

  function end(): void {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    resolve();
  }
}
