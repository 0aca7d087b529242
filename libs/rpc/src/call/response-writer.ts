import { framed } from '../wire/message-decoder.ts';
import type { Call } from './call.ts';

/**
 * Writes a response, no faster than they are read. What it returns, if anything, has to be awaited
 * before the next: it resolves when all that was written has left, and rejects with the call's reason
 * when it ends.
 */
export function writeResponse(call: Call, bytes: Buffer): Promise<void> | undefined {
  if (call.hasEnded) return Promise.reject(call.endReason);
  const { stream } = call;
  const { http2Stream } = stream;
  if (stream.write(framed(bytes))) return undefined;
  return new Promise((resolve, reject) => {
    const onDrain = () => {
      forget();
      resolve();
    };
    const forget = call.onEnd(() => {
      http2Stream.off('drain', onDrain);
      reject(call.endReason);
    });
    http2Stream.once('drain', onDrain);
  });
}
