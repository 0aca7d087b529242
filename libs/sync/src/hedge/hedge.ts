import { RpcError } from '@trivium/rpc';
import { askedDelayMs } from '../retry/asked-delay.ts';

/** How an attempt gets a second one beside it. */
export interface HedgeOptions {
  /** How long the first attempt is alone, in milliseconds. */
  readonly delayMs: number;
  /** Asked when that is over: how much longer, in milliseconds; 0 when the second attempt is due. Default: 0. */
  readonly holdMs?: () => number;
  /** What becomes of an attempt that was slower: it finishes unheard (default), or it is aborted. */
  readonly losers?: 'finish' | 'abort';
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
 * An attempt that is still open after a response finishes unheard, until the caller leaves; or it is aborted, with
 * `Overtaken` as the reason, as it is after an error. A server that says when to come
 * again, or never to, gets no second attempt.
 */
export function hedge<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { delayMs, holdMs, losers = 'finish', mayHedge, heals, signal }: HedgeOptions,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const open = new Set<AbortController>();
  let mayStart = true;
  let hasEnded = false;
  let timer = setTimeout(onDelay, delayMs);
  let immediate: NodeJS.Immediate | undefined;
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
      (response) => end(controller, () => resolve(response), losers),
      (caught) => fail(controller, RpcError.from(caught)),
    );
  }

  function onDelay(): void {
    // After a stall of this process timers come before the responses that arrived meanwhile: let those in first.
    immediate = setImmediate(() => {
      const leftMs = holdMs?.() ?? 0;
      if (leftMs > 0) timer = setTimeout(onDelay, leftMs);
      else startSecond();
    });
  }

  function stopWaiting(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
  }

  function startSecond(): void {
    stopWaiting();
    if (mayStart && mayHedge()) start();
    mayStart = false;
  }

  function fail(controller: AbortController, error: RpcError): void {
    // What was aborted for having lost has nobody left to tell.
    if (!open.has(controller)) return;
    if (hasEnded) return leave(controller);
    if (signal?.aborted || !heals(error)) return end(controller, () => reject(error), 'abort');
    open.delete(controller);
    if (askedDelayMs(error) !== undefined) mayStart = false;
    startSecond();
    if (open.size === 0) end(controller, () => reject(error), 'abort');
  }

  function end(winner: AbortController, settle: () => void, then: 'finish' | 'abort'): void {
    if (!hasEnded) {
      stopWaiting();
      mayStart = false;
      hasEnded = true;
      settle();
      if (then === 'abort') {
        for (const loser of open) {
          if (loser === winner) continue;
          open.delete(loser);
          loser.abort(new Overtaken('Another attempt was faster'));
        }
      }
    }
    leave(winner);
  }

  /** The attempt has ended; with the last one there is nobody left for the caller to abort. */
  function leave(controller: AbortController): void {
    open.delete(controller);
    if (open.size === 0) signal?.removeEventListener('abort', onAbort);
  }

  start();
  return promise;
}
