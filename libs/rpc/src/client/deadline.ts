/** The longest that a call may be given. Timers overflow at 2^31 ms, and `grpc-timeout` soon after. */
export const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/** Returns the timeout, 24 hours at most. Throws a RangeError for a negative one, and for NaN. */
export function checkedTimeoutMs(timeoutMs: number): number {
  if (!(timeoutMs >= 0)) throw new RangeError(`Not a timeout in ms: ${timeoutMs}`);
  return Math.min(timeoutMs, MAX_TIMEOUT_MS);
}

/**
 * When an outgoing call ends, in epoch milliseconds: after its timeout, and no later than the call
 * that it is made for. `Infinity` when neither sets an end.
 */
export function outgoingDeadline(
  timeoutMs: number | undefined,
  incomingDeadline: number | undefined,
): number {
  const ownDeadline = timeoutMs === undefined ? Infinity : Date.now() + checkedTimeoutMs(timeoutMs);
  return Math.min(ownDeadline, incomingDeadline ?? Infinity);
}
