import { RpcError } from '@trivium/rpc';
import { askedDelayMs } from '../retry/asked-delay.ts';

/** How an attempt gets a second one beside it. */
export interface HedgeOptions {
  /** How long the first attempt is alone, in milliseconds. */
  readonly delayMs: number;
  /** Asked once, when the second attempt is due: it must be paid for. */
  readonly mayHedge: () => boolean;
  /** Whether an attempt's failure leaves hope for another. */
  readonly heals: (error: RpcError) => boolean;
  /** Aborting it aborts the attempts. */
  readonly signal?: AbortSignal;
}

/** Why an attempt is cancelled that lost: to the caller of it, a cancellation like any other. */
export class Overtaken extends Error {
  override readonly name = 'AbortError';
}

/**
 * Makes an attempt, and a second one beside it when the first has not ended after a delay: gRFC A6, "Hedging Policy".
 *
 *     first alone --the delay passes, or a failure that heals--> both, if `mayHedge`
 *     any attempt --succeeds--------------> its response
 *     any attempt --fails for good--------> its error
 *     the last attempt --fails-----------> its error
 *
 * Attempts that are still open at the end are aborted, with `Overtaken` as the reason. A server that says when to come
 * again, or never to, gets no second attempt.
 */
export function hedge<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { delayMs, mayHedge, heals, signal }: HedgeOptions,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const open = new Set<AbortController>();
  let mayStart = true;
  const timer = setTimeout(startSecond, delayMs);
  const onAbort = () => {
    mayStart = false;
    for (const controller of open) controller.abort(signal?.reason);
  };
  signal?.addEventListener('abort', onAbort);

  function start(): void {
    const controller = new AbortController();
    open.add(controller);
    if (signal?.aborted) controller.abort(signal.reason);
    attempt(controller.signal).then(
      (response) => end(controller, () => resolve(response)),
      (caught) => fail(controller, RpcError.from(caught)),
    );
  }

  function startSecond(): void {
    clearTimeout(timer);
    if (mayStart && mayHedge()) start();
    mayStart = false;
  }

  function fail(controller: AbortController, error: RpcError): void {
    // What was aborted for having lost has nobody left to tell.
    if (!open.has(controller)) return;
    if (signal?.aborted || !heals(error)) return end(controller, () => reject(error));
    open.delete(controller);
    if (askedDelayMs(error) !== undefined) mayStart = false;
    startSecond();
    if (open.size === 0) end(controller, () => reject(error));
  }

  function end(winner: AbortController, settle: () => void): void {
    clearTimeout(timer);
    mayStart = false;
    signal?.removeEventListener('abort', onAbort);
    open.delete(winner);
    settle();
    for (const loser of open) {
      open.delete(loser);
      loser.abort(new Overtaken('Another attempt was faster'));
    }
  }

  start();
  return promise;
}
