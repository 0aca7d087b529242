import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { Call } from './call.ts';
import { isInsideMessage } from './raw-call.ts';

/** Pulls the requests of a call, so that a caller is not read faster than its handler asks. */
export interface RequestReader {
  /**
   * The next request as it came, or undefined after the last. Rejects with the call's reason once it
   * has ended, and with `INTERNAL` after a request that is cut off. Only one read at a time.
   */
  read(): Promise<Buffer | undefined>;
}

/** How far behind the end of a stream its reset may come. */
const RESET_WINDOW_MS = 5;

/**
 * Creates the reader of a call's requests. Set `awaitsReset` for a stream of requests: a client on
 * Node.js that cancels one ends it first and resets it a moment later, so that half an upload would
 * pass for a whole one. The end of the stream is then believed a moment later.
 */
export function createRequestReader(
  call: Call,
  { awaitsReset }: { readonly awaitsReset: boolean },
): RequestReader {
  let exhausted = false;
  let wake = () => {};
  call.raw.on('readable', () => wake());
  call.raw.once('end', () => {
    const believe = () => {
      exhausted = true;
      wake();
    };
    // The second wait lets in what has arrived during the first.
    if (awaitsReset) setTimeout(() => setImmediate(believe), RESET_WINDOW_MS);
    else believe();
  });
  call.onEnd(() => wake());

  return {
    async read() {
      for (;;) {
        if (call.hasEnded) throw call.endReason;
        const bytes: Buffer | null = call.raw.read();
        if (bytes !== null) return bytes;
        if (exhausted && isInsideMessage(call.raw)) {
          throw new RpcError(Code.INTERNAL, 'The caller ended in the middle of a request');
        }
        if (exhausted) return undefined;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
