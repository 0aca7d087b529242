/** Why a service is asked to stop: a signal's name, or `disconnect` when its parent is gone. */
export type StopReason = 'SIGTERM' | 'SIGINT' | 'disconnect';

/** What happens when a service is asked to stop. */
export interface StopHandlers {
  /** The first time. */
  stop(reason: StopReason): void;
  /** When a signal comes again. */
  force(reason: StopReason): void;
}

/**
 * Signals that come in this time are one: Ctrl-C reaches every process of a terminal, and a parent
 * may pass it on.
 */
const SAME_REQUEST_MS = 500;

/** Listens for SIGTERM, SIGINT and the end of the IPC channel, for as long as the process lives. */
export function onStopRequests(handlers: StopHandlers): void {
  let firstAtMs: number | undefined;

  function request(reason: StopReason): void {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      handlers.stop(reason);
    } else if (reason !== 'disconnect' && performance.now() - firstAtMs > SAME_REQUEST_MS) {
      handlers.force(reason);
    }
  }

  process.on('SIGTERM', request);
  process.on('SIGINT', request);
  if (process.connected) process.once('disconnect', () => request('disconnect'));
}
