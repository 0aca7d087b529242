import type { Logger } from '@trivium/rpc';
import type { OperationStore } from '../store/operation-store.ts';

const batch = 200;
const pauseMs = 20;

/** What keeps a store from growing for ever. */
export interface RetentionOptions {
  readonly store: OperationStore;
  /** How long an operation is kept after its end, in milliseconds; `Infinity` for ever. */
  readonly retentionMs: number;
  /** How often to look for what is older. */
  readonly intervalMs: number;
  readonly clock: () => number;
  readonly log: Logger;
}

/**
 * Deletes operations some time after their end, in the background: small batches with a pause after
 * each, so that nobody waits long. What an explicit deletion left behind goes the same way.
 */
export function startRetention(options: RetentionOptions): { stop(): Promise<void> } {
  const { store, retentionMs, intervalMs, clock, log } = options;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  const schedule = (delayMs: number): void => {
    if (isStopped) return;
    timer = setTimeout(() => (sweeping = sweep()), delayMs);
    timer.unref();
  };
  const sweep = async (): Promise<void> => {
    try {
      const removed = await store.sweep({ endedBeforeMs: clock() - retentionMs, limit: batch });
      schedule(removed > 0 ? pauseMs : intervalMs);
    } catch (err) {
      log.warn({ err }, 'old operations could not be deleted: it is tried again');
      schedule(intervalMs);
    }
  };
  schedule(intervalMs);
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await sweeping;
    },
  };
}
