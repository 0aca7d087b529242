import type { RpcError } from '@trivium/rpc';

/** Calls that are made without a pause by callers that each wait for their last one. */
export interface Traffic {
  readonly succeeded: number;
  readonly failures: readonly RpcError[];
  /** Resolves after so many more calls, in whatever way they end. */
  calls(count: number): Promise<void>;
  /** Resolves when each caller's last call has ended. */
  stop(): Promise<void>;
}

/** Starts so many callers. */
export function startTraffic(call: () => Promise<unknown>, callers = 4): Traffic {
  const failures: RpcError[] = [];
  const waiting = new Map<() => void, number>();
  let succeeded = 0;
  let isStopped = false;

  async function caller(): Promise<void> {
    while (!isStopped) {
      await call().then(
        () => (succeeded += 1),
        (error) => failures.push(error),
      );
      for (const [resolve, left] of waiting) {
        if (left > 1) waiting.set(resolve, left - 1);
        else if (waiting.delete(resolve)) resolve();
      }
    }
  }

  const ended = Promise.all(Array.from({ length: callers }, caller));
  return {
    get succeeded() {
      return succeeded;
    },
    failures,
    calls: (count) => new Promise((resolve) => waiting.set(resolve, count)),
    async stop() {
      isStopped = true;
      await ended;
    },
  };
}
