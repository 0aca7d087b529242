import type { RunningOperation } from '@trivium/async';

/** What is left of an operation's time, in milliseconds: 0 or more, `Infinity` without a deadline. */
export function timeLeftMs({ deadline }: Pick<RunningOperation, 'deadline'>): number {
  return deadline ? Math.max(0, deadline.getTime() - Date.now()) : Infinity;
}
