import type { RegisteredMethod } from '@trivium/registry';

/** The most attempts of a call that is safe to repeat: as `@trivium/sync` makes them, within a budget. */
const SAFE_ATTEMPTS = 5;

/** Whether a method may be called again: as its contract declares, whatever the style. */
export function isSafe({ repetition }: Pick<RegisteredMethod, 'repetition'>): boolean {
  return repetition !== 'unspecified';
}

/** How often a method is called at most, in each of the three styles. */
export function maxAttemptsOf(method: Pick<RegisteredMethod, 'repetition'> | undefined): number {
  return method && isSafe(method) ? SAFE_ATTEMPTS : 1;
}
