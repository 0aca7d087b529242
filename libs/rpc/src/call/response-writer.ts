import type { Call } from './call.ts';

/** How much may wait for a slow reader in each call, in bytes, before the handler has to wait too. */
const MAX_QUEUED_BYTES = 64 * 1024;

/** Writes the responses of a call, no faster than they are read. */
export interface ResponseWriter {
  /**
   * Writes one response. What it returns, if anything, has to be awaited before the next: it
   * resolves when all that was written has left, and rejects with the call's reason when it ends.
   */
  write(bytes: Buffer): Promise<void> | undefined;
}

/** Creates the writer of a call's responses. */
export function createResponseWriter(call: Call): ResponseWriter {
  let queuedBytes = 0;
  let onFlushed = () => {};

  return {
    write(bytes) {
      if (call.hasEnded) return Promise.reject(call.endReason);
      queuedBytes += bytes.length;
      const hasRoom = call.raw.write(bytes, () => {
        queuedBytes -= bytes.length;
        if (call.raw.writableLength === 0) onFlushed();
      });
      if (hasRoom && queuedBytes < MAX_QUEUED_BYTES) return undefined;
      return new Promise((resolve, reject) => {
        const forget = call.onEnd(() => reject(call.endReason));
        onFlushed = () => {
          forget();
          resolve();
        };
      });
    },
  };
}
