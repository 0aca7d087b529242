import { type Limit, admit, takeNow } from './limit.ts';

/**
 * Takes a place in every limit: undefined if there was room at once, so that what can start does so
 * within the same turn; else a promise that rejects with the signal's reason if that aborts first.
 */
export function takePlaces(options: {
  readonly places: readonly Limit[];
  readonly ticket: number;
  readonly owner: unknown;
  readonly signal: AbortSignal;
}): Promise<void> | undefined {
  const { places, ticket, owner, signal } = options;
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  if (takeNow(places)) return undefined;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    admit({
      ...{ ticket, owner, places },
      get isOver() {
        return signal.aborted;
      },
      start() {
        signal.removeEventListener('abort', onAbort);
        resolve();
      },
    });
  });
}
