import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';

/** The longest that a call may be given. Timers overflow at 2^31 ms, and `grpc-timeout` soon after. */
export const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/** Returns the timeout, 24 hours at most. Throws a RangeError for a negative one, and for NaN. */
export function checkedTimeoutMs(timeoutMs: number): number {
  if (!(timeoutMs >= 0)) throw new RangeError(`Not a timeout in ms: ${timeoutMs}`);
  return Math.min(timeoutMs, MAX_TIMEOUT_MS);
}

/** What the deadline of an outgoing call follows from. */
export interface DeadlineSources {
  /** Of the call itself, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** Of the call that it is made for, in epoch milliseconds. */
  readonly incomingDeadline: number | undefined;
  /** How much earlier than the incoming call it ends, in milliseconds. */
  readonly reserveMs: number;
}

/**
 * When an outgoing call ends, in epoch milliseconds: after its timeout, and earlier than the call
 * that it is made for, by the reserve: time in which the incoming call can still be answered, for
 * example with what this one did not bring. `Infinity` when neither sets an end. Throws a RangeError
 * for a timeout that is none.
 */
export function outgoingDeadline(sources: DeadlineSources): number {
  const { timeoutMs, incomingDeadline = Infinity, reserveMs } = sources;
  const now = Date.now();
  const ownDeadline = timeoutMs === undefined ? Infinity : now + checkedTimeoutMs(timeoutMs);
  const deadline = Math.min(ownDeadline, incomingDeadline - reserveMs);
  return deadline === Infinity ? deadline : Math.min(deadline, now + MAX_TIMEOUT_MS);
}

/** Throws `DEADLINE_EXCEEDED` for a call that has no time left, so that nothing is sent in vain. */
export function checkTimeLeft(deadline: number, incomingDeadline = Infinity): void {
  const now = Date.now();
  if (deadline > now) return;
  const isReserved = deadline < incomingDeadline && now < incomingDeadline;
  const why = isReserved
    ? `: the ${incomingDeadline - now} ms left of the incoming call are its reserve`
    : '';
  throw new RpcError(Code.DEADLINE_EXCEEDED, `Deadline exceeded${why}`);
}
