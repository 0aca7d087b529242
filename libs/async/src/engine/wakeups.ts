import { TransientMap } from './transient-map.ts';

/** Waits for news of one operation. What happened before the wait began counts. */
export interface Wakeup {
  /** Resolves once there is news since the last wait; rejects with the signal's reason. */
  next(signal?: AbortSignal): Promise<void>;
  /** Ends the wait as news would. */
  ring(): void;
  /** Stops listening. */
  close(): void;
}

/**
 * Tells watchers that an operation has news, and never what: they read it from the log, at their
 * own pace, so that a slow watcher costs one flag.
 */
export class Wakeups {
  readonly #listeners = new TransientMap<string, Set<Listener>>();
  #closed: { reason: unknown } | undefined;

  /** Begins to listen for news of an operation. */
  listen(id: string): Wakeup {
    const listeners = this.#listeners.get(id) ?? new Set();
    const listener = new Listener(() => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) {
        this.#listeners.delete(id);
      }
    });
    if (this.#closed) listener.fail(this.#closed.reason);
    listeners.add(listener);
    this.#listeners.set(id, listeners);
    return listener;
  }

  /** The ids of the operations that somebody listens to. */
  listenedTo(): IterableIterator<string> {
    return this.#listeners.keys();
  }

  /** Wakes all who wait for news of an operation. */
  ring(id: string): void {
    for (const listener of this.#listeners.get(id) ?? []) listener.ring();
  }

  /** Rejects every wait, now and from now on, with the reason. */
  close(reason: unknown): void {
    this.#closed = { reason };
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners) listener.fail(reason);
    }
  }
}

class Listener implements Wakeup {
  readonly close: () => void;
  #hasNews = false;
  #failure: { reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(close: () => void) {
    this.close = close;
  }

  ring(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake?.();
  }

  async next(signal?: AbortSignal): Promise<void> {
    if (!this.#hasNews && !this.#failure && !signal?.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      this.#wake = wake;
      signal?.addEventListener('abort', wake);
      await promise;
      signal?.removeEventListener('abort', wake);
      this.#wake = undefined;
    }
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure.reason;
    this.#hasNews = false;
  }
}
