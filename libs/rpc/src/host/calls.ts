import { Bag } from '../bag.ts';
import type { Call, CallKind } from '../call/call.ts';
import { Code } from '../error/code.ts';
import { errorInfo } from '../error/details.ts';
import { RpcError } from '../error/rpc-error.ts';
import { createRefuse, DOMAIN, type Refusal } from './overload/refusal.ts';

/** How soon a refused caller may come again. */
const RETRY_DELAY_MS = 1_000;

/**
 * The calls of a host: which are open, and how many are in flight. A call is in flight until its
 * handler has settled and its last byte has left, and so possibly long after it has ended: that, and
 * not the number of open streams, is what uses memory and processor.
 */
export interface Calls {
  /** Why every new call is refused now: the host drains. */
  drainRefusal(): RpcError | undefined;
  /** Why a new call is refused that the limit applies to: the host is at its limit. */
  fullRefusal(): Refusal | undefined;
  /** Counts a call as open, and as in flight unless it is exempt. */
  add(call: Call, options: { readonly kind: CallKind; readonly isExempt: boolean }): void;
  /** Takes note that a call has ended. */
  end(call: Call): void;
  /** Takes note of one of the two things that a call in flight waits for: handler and last byte. */
  release(call: Call): void;
  /** Refuses calls from now on, and tells those that are open. */
  startDrain(): void;
  /** Ends every open call, or every open stream, as one that may be made again elsewhere. */
  endAll(kind?: 'stream'): void;
  /** Resolves once no call is open, or no stream; at once if there is none. */
  whenNoneOpen(kind?: 'stream'): Promise<void>;
}

/** Creates the books of a host that serves at most `maxInFlight` calls at a time. */
export function createCalls(options: { readonly maxInFlight: number }): Calls {
  const open = new Bag<Call>();
  let inFlight = 0;
  const waiting = new Set<() => void>();
  const refuse = createRefuse({
    reason: 'TOO_MANY_CALLS',
    message: 'The host has as many calls in flight as it takes',
    retryDelaysMs: [RETRY_DELAY_MS],
  });
  let isDraining = false;

  const openCalls = (kind?: 'stream') =>
    [...open].filter(({ booking }) => !kind || booking?.kind === kind);

  return {
    drainRefusal: () => (isDraining ? drainingError() : undefined),
    fullRefusal: () => (inFlight < options.maxInFlight ? undefined : refuse()),
    add(call, { kind, isExempt }) {
      const place = open.add(call);
      call.booking = { kind, place, isOpen: true, releasesLeft: isExempt ? 0 : 2 };
      if (!isExempt) inFlight += 1;
    },
    end({ booking }) {
      if (!booking?.isOpen) return;
      booking.isOpen = false;
      open.remove(booking.place);
      for (const check of waiting) check();
    },
    release({ booking }) {
      if (!booking || booking.releasesLeft === 0) return;
      booking.releasesLeft -= 1;
      if (booking.releasesLeft === 0) inFlight -= 1;
    },
    startDrain() {
      isDraining = true;
      for (const call of [...open]) call.announceDrain();
    },
    endAll(kind) {
      for (const call of openCalls(kind)) call.fail(drainingError());
    },
    whenNoneOpen(kind) {
      return new Promise((resolve) => {
        const check = () => {
          if (openCalls(kind).length > 0) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
  };
}

function drainingError(): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'The host is draining: call again, and it goes elsewhere', {
    details: [errorInfo({ reason: 'DRAINING', domain: DOMAIN })],
  });
}
