import { Code, type RpcError } from '@trivium/rpc';
import { askedDelayMs } from './asked-delay.ts';

/** When a failure is one that another attempt may heal. */
export interface Healing {
  /** The statuses that can heal by themselves. */
  readonly codes: ReadonlySet<Code>;
  /** Whether attempts have less time than the call, so that one may run out of it and the next not. */
  readonly attemptsExpire: boolean;
}

/**
 * Whether another attempt may succeed where this one failed, as far as its status goes. `RESOURCE_EXHAUSTED`
 * heals when the server says when, and `DEADLINE_EXCEEDED` when it was the attempt's own deadline, not the call's.
 */
export function heals(error: RpcError, { codes, attemptsExpire }: Healing): boolean {
  if (codes.has(error.code)) return true;
  if (error.code === Code.RESOURCE_EXHAUSTED) return askedDelayMs(error) !== undefined;
  return error.code === Code.DEADLINE_EXCEEDED && attemptsExpire;
}
