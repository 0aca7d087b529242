import type { Socket } from 'node:net';

/** What a client says first: `PRI * HTTP/2.0`, and so on (RFC 9113, 3.4). */
const PREFACE_BYTES = 24;

/** As long as a slow network may take for a few packets, with one of them lost. */
const PREFACE_TIMEOUT_MS = 10_000;

/**
 * Closes a connection whose peer has not begun to speak after ten seconds. Without it, connections
 * that say nothing would be kept until their first keepalive is not answered, for 80 seconds.
 */
export function closeIfSilent(socket: Socket): void {
  const timer = setTimeout(() => {
    if (socket.bytesRead < PREFACE_BYTES) socket.destroy();
  }, PREFACE_TIMEOUT_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
