import { isLimit } from './check-step.ts';
import { Limit } from './limit.ts';

/** How many calls may be in flight at once, over all runs that share these limits. */
export interface LimitsOptions {
  /** Calls in all: a whole number from 1, or `Infinity`. Default: `Infinity`. */
  readonly perProcess?: number;
  /** Calls to each target, or to the target of a name. Default: `Infinity`. */
  readonly perTarget?: number | ((target: string) => number);
}

/** Limits that any number of runs share. */
export interface Limits {
  /** Calls in flight now, in all or to one target. */
  inFlight(target?: string): number;
  /** The limits that a call to a target has to keep, the narrowest first. */
  placesOf(target: string | undefined): readonly Limit[];
}

/**
 * Makes limits to share between runs. A call counts from its start until it has truly ended: one that
 * ignores its signal is in flight all the same, and keeps its place. Whoever has waited longest goes
 * first. A target is remembered for good, so that targets should be few, such as services. Throws
 * `RangeError` for a number that is no limit.
 */
export function createLimits({
  perProcess = Infinity,
  perTarget = Infinity,
}: LimitsOptions = {}): Limits {
  const all = new Limit(checked('perProcess', perProcess));
  if (typeof perTarget === 'number') checked('perTarget', perTarget);
  const places = new Map<string | undefined, readonly Limit[]>([[undefined, [all]]]);
  const limitOf = (target: string): Limit => {
    const max = typeof perTarget === 'number' ? perTarget : perTarget(target);
    return new Limit(checked(`The limit of ${JSON.stringify(target)}`, max));
  };
  return {
    inFlight: (target) => places.get(target)?.[0]?.inFlight ?? 0,
    placesOf(target) {
      let known = places.get(target);
      if (!known) places.set(target, (known = [limitOf(target!), all]));
      return known;
    },
  };
}

/** The limits of a run that shares none. */
export const noLimits: Limits = { inFlight: () => 0, placesOf: () => [] };

/** A number that is a limit. Throws `RangeError` for another. */
export function checked(role: string, max: number): number {
  if (isLimit(max)) return max;
  throw new RangeError(`${role} must be a whole number from 1, got ${max}`);
}
