import { CHEAP_CALL_MS, type ConcurrencyLimit } from './concurrency-limit.ts';
import { createRefuse, type Refusal } from './refusal.ts';

/** A call that is served counts until its handler has settled. */
export interface Admitted {
  /** Why it shall not be served after all: it has waited too long for its turn. */
  lateness(): Refusal | undefined;
  /** Takes note that its handler has settled; `isGood` if its caller got a response. */
  settle(outcome: { readonly isGood: boolean }): void;
}

/** Decides which unary calls a host serves. */
export interface Admission {
  /** Why a call that has so many milliseconds left is not served, or undefined if it may be. */
  refusal(method: string, remainingMs: number): Refusal | undefined;
  /** Takes note that a call is served from now on. */
  admit(method: string): Admitted;
}

/** When refused callers may come again: soon, for an overload is a matter of moments. */
const RETRY_DELAYS_MS = [100, 50, 125, 75, 150, 60, 110, 90] as const;

/** What a call may have waited while others of the same turn of the event loop were served. */
const MAX_WAIT_MS = 100;

/** The same as a multiple of what the method takes unloaded, where that is more. */
const MAX_WAIT_FACTOR = 5;

/** So few calls in flight are no reason to refuse any. */
const FEW_CALLS = 4;

/**
 * Creates the admission of a host. A call is refused, in this order, when
 *
 * - the host is saturated, and the call has less time left than its method takes of late: it would
 *   be served for nobody;
 * - as many calls are in flight as the limit allows;
 * - it was admitted, but what arrived with it kept the event loop busy for too long: when an overload
 *   begins, hundreds of calls may arrive at once, before any limit has learned from them.
 *
 * Time is counted in turns of the event loop. All calls that arrive in one turn have been there since
 * its start, and no response leaves before its end: so a call has waited since the start of the turn
 * in which it arrived, and is in flight until the end of the one in which its handler settles. Else a
 * handler that computes and never waits would always seem to be alone, however long the queue.
 *
 * There is no queue. Under overload, calls wait in the buffers of the sockets already, where they
 * cost nothing, for as long as the event loop takes for those before them; a second queue would make
 * every accepted call slower and serve none more. And a burst on a host at rest needs none, for the
 * limit is wide open then.
 */
export function createAdmission(
  limit: ConcurrencyLimit,
  { now = () => performance.now() }: { readonly now?: () => number } = {},
): Admission {
  const refuseDeadline = createRefuse({
    reason: 'DEADLINE_TOO_CLOSE',
    message: 'The host is busy, and would answer after the deadline of the call',
    retryDelaysMs: RETRY_DELAYS_MS,
  });
  const refuseCall = createRefuse({
    reason: 'OVERLOADED',
    message: 'The host is busy, and answers calls in time by refusing others',
    retryDelaysMs: RETRY_DELAYS_MS,
  });
  let inFlight = 0;
  let arrivals = 0;
  let turnStartedAtMs: number | undefined;
  const atEndOfTurn: (() => void)[] = [];

  /** When the present turn of the event loop began, as far as calls are concerned. */
  function turnStart(): number {
    if (turnStartedAtMs === undefined) {
      turnStartedAtMs = now();
      setImmediate(endTurn);
    }
    return turnStartedAtMs;
  }

  function endTurn(): void {
    turnStartedAtMs = undefined;
    for (const end of atEndOfTurn.splice(0)) end();
  }

  function refused(refusal: Refusal): Refusal {
    limit.noteRefusal();
    return refusal;
  }

  return {
    refusal(method, remainingMs) {
      turnStart();
      arrivals += 1;
      // A host that has room tries in any case: nothing else would tell it that it has become faster.
      const isBusy = limit.isSaturated && inFlight >= FEW_CALLS;
      if (isBusy && remainingMs < (limit.typicalMs(method) ?? 0)) return refused(refuseDeadline());
      return inFlight < limit.current ? undefined : refused(refuseCall());
    },
    admit(method) {
      const startedAtMs = turnStart();
      inFlight += 1;
      const inFlightOnArrival = inFlight;
      const arrivalsUntilNow = arrivals;
      return {
        lateness() {
          const unloadedMs = limit.unloadedMs(method);
          if (unloadedMs === undefined || inFlightOnArrival <= FEW_CALLS) return undefined;
          const waitedMs = now() - turnStart();
          const isCheap = waitedMs / inFlightOnArrival < CHEAP_CALL_MS;
          const isLate = waitedMs > Math.max(MAX_WAIT_MS, MAX_WAIT_FACTOR * unloadedMs);
          return isLate && !isCheap ? refused(refuseCall()) : undefined;
        },
        settle({ isGood }) {
          const isOneTurn = turnStart() === startedAtMs;
          const elapsedMs = now() - startedAtMs;
          atEndOfTurn.push(() => {
            inFlight -= 1;
            const typicalMs = limit.typicalMs(method);
            // One that failed may have failed early: it can say that its method is slow, never fast.
            const ms = isGood ? elapsedMs : typicalMs && Math.max(typicalMs, elapsedMs);
            if (ms === undefined) return;
            const isAlone = inFlightOnArrival === 1 && arrivals === arrivalsUntilNow;
            limit.observe({ method, ms, inFlight: inFlightOnArrival, isAlone, isOneTurn });
          });
        },
      };
    },
  };
}
