import { type Clock, schedule } from './clock.ts';
import { release, takeNow } from './limit.ts';
import { StepTimedOut } from './outcome.ts';
import { backOffMs } from './retry-options.ts';
import type { CallOptions } from './step.ts';
import { takePlaces } from './take-places.ts';
import { type Task, promiseOf } from './task.ts';

/** What it takes to make the calls of one task. */
export interface ManagedCallOptions {
  readonly task: Task;
  readonly options: CallOptions;
  /** Time for all of it, from the first call on, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Told when a call begins, before it is made. */
  readonly onCall: () => void;
  /** Told when nothing of the task is in flight any more. */
  readonly onIdle: () => void;
}

/**
 * The calls of one task that has a timeout, is repeated, hedged or can be stopped alone.
 *
 *     waiting for a place → calling --fails, may be repeated--> pausing → waiting …
 *
 * `stop` ends all of that at once, for whoever waits for the outcome; calls that ignore their signal
 * keep their places.
 */
export class ManagedCall {
  readonly #options: ManagedCallOptions;
  readonly #controller = new AbortController();
  /** What stops the calls: the step's own signal, and perhaps another one. */
  #callSignal = this.#controller.signal;
  #inFlight = 0;
  /** Calls that have ended and still have their places. */
  #ended = 0;
  #isDone = false;
  #cancelTimeout: (() => void) | undefined;

  constructor(options: ManagedCallOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  /** The task has an outcome: its time is no matter any more. */
  settled(): void {
    this.#cancelTimeout?.();
  }

  /**
   * Gives back the places of calls that have truly ended. Not before the outcome is known: a failure
   * may stop whoever would start in its place.
   */
  releasePlaces(): void {
    for (; this.#ended > 0; this.#ended--) release(this.#options.task.places);
  }

  /** Aborts every call that is in flight, one that has lost included, and makes no other. */
  stop(reason: unknown): void {
    this.#controller.abort(reason);
    this.releasePlaces();
  }

  /**
   * Makes the calls. Settles when they truly have, and not at an abort that they ignore. Another signal
   * may stop the calls too.
   */
  async run(other?: AbortSignal): Promise<unknown> {
    const { retry } = this.#options.options;
    if (other) this.#callSignal = AbortSignal.any([this.signal, other]);
    const signal = this.#callSignal;
    try {
      for (let calls = 1; ; calls++) {
        const { places, ticket, owner } = this.#options.task;
        const waiting = takePlaces({ places, ticket, owner, signal });
        if (waiting) await waiting;
        try {
          return await this.#attempt();
        } catch (reason) {
          if (signal.aborted || !retry || calls >= retry.maxAttempts) throw reason;
          const again = retry.isRetryable(reason);
          if (!again) throw reason;
          this.releasePlaces();
          await this.#pause(again === true ? backOffMs(retry, calls) : again.delayMs);
        }
      }
    } finally {
      this.#isDone = true;
      this.#idle();
    }
  }

  /** One call, and perhaps a second beside it; its places are taken. */
  #attempt(): Promise<unknown> {
    const { hedge } = this.#options.options;
    const delayMs = typeof hedge?.delayMs === 'function' ? hedge.delayMs() : hedge?.delayMs;
    if (!hedge || delayMs === undefined) return this.#call().ended;
    const { clock, task } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const open = new Set<Call>();
    const add = (call: Call): void => {
      open.add(call);
      call.ended.then(
        (value) => {
          cancelTimer();
          open.delete(call);
          resolve(value);
          if (hedge.losers === 'abort') for (const loser of open) loser.abort(new Overtaken());
        },
        (reason: unknown) => {
          open.delete(call);
          if (open.size > 0) return;
          cancelTimer();
          reject(reason);
        },
      );
    };
    const cancelTimer = schedule(clock, delayMs, () => {
      // A hedge that had to wait for its place would come too late to help.
      if (!this.#callSignal.aborted && takeNow(task.places)) add(this.#call());
    });
    add(this.#call());
    return promise;
  }

  /** One call of the function; gives its places back when the function has truly ended. */
  #call(): Call {
    const { task, clock, onCall } = this.#options;
    const { attemptTimeoutMs } = this.#options.options.retry ?? {};
    const { hedge } = this.#options.options;
    // The step's own signal does for a call that nothing stops alone.
    const own =
      attemptTimeoutMs !== undefined || hedge?.losers === 'abort' ? this.#childOfOwn() : undefined;
    const signal = own?.signal ?? this.#callSignal;
    this.#inFlight++;
    this.#startTimeout();
    onCall();
    const truly = this.#invoke(signal).finally(() => {
      own?.release();
      this.#inFlight--;
      this.#ended++;
      if (task.isOver) this.releasePlaces();
      this.#idle();
    });
    const abort = (reason: unknown): void => own?.abort(reason);
    if (attemptTimeoutMs === undefined) return { ended: truly, abort };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancelTimer = schedule(clock, attemptTimeoutMs, () => {
      const reason = new StepTimedOut(task.record.id, attemptTimeoutMs);
      abort(reason);
      reject(reason);
    });
    truly.finally(cancelTimer).then(resolve, reject);
    return { ended: promise, abort };
  }

  #startTimeout(): void {
    const { timeoutMs, clock, task } = this.#options;
    if (this.#cancelTimeout || timeoutMs === Infinity || task.isOver) return;
    this.#cancelTimeout = schedule(clock, timeoutMs, () =>
      this.stop(new StepTimedOut(task.record.id, timeoutMs)),
    );
  }

  async #invoke(signal: AbortSignal): Promise<unknown> {
    const { task } = this.#options;
    if (signal.aborted) throw signal.reason;
    const returned = task.owner.invoke(task, signal);
    return promiseOf(returned) ?? returned;
  }

  /** A signal that aborts with the step's, and alone. */
  #childOfOwn(): { signal: AbortSignal; abort(reason: unknown): void; release(): void } {
    const controller = new AbortController();
    const parent = this.#callSignal;
    const onAbort = (): void => controller.abort(parent.reason);
    if (parent.aborted) onAbort();
    else parent.addEventListener('abort', onAbort, { once: true });
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      release: () => parent.removeEventListener('abort', onAbort),
    };
  }

  #pause(delayMs: number): Promise<void> {
    const signal = this.#callSignal;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        cancelTimer();
        reject(signal.reason as Error);
      };
      const cancelTimer = schedule(this.#options.clock, delayMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #idle(): void {
    if (this.#isDone && this.#inFlight === 0) this.#options.onIdle();
  }
}

interface Call {
  readonly ended: Promise<unknown>;
  abort(reason: unknown): void;
}

/** Why a call is aborted that lost against the one beside it. */
export class Overtaken extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('Another call was faster');
  }
}
