/** Bounds as the rules of numbers, durations and the like have them. */
export interface Bounds<T> {
  readonly greaterThan: OneOf<'gt' | 'gte', T>;
  readonly lessThan: OneOf<'lt' | 'lte', T>;
}

type OneOf<Name extends string, T> =
  | { readonly case: Name; readonly value: T }
  | { readonly case: undefined; readonly value?: undefined };

/** The names of such rules. */
export const boundNames = ['gt', 'gte', 'lt', 'lte'];

/**
 * Whether a number certainly keeps bounds; undefined for bounds that cannot be compared so. Of an upper
 * one below the lower one, which means what is not between them, it says no to all.
 */
export function within<T>(
  { greaterThan, lessThan }: Bounds<T>,
  toNumber: (bound: T) => number,
): ((value: number) => boolean) | undefined {
  const least = greaterThan.case ? toNumber(greaterThan.value) : Number.MIN_SAFE_INTEGER;
  const most = lessThan.case ? toNumber(lessThan.value) : Number.MAX_SAFE_INTEGER;
  if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most)) return undefined;
  return (value) =>
    (greaterThan.case === 'gt' ? value > least : value >= least) &&
    (lessThan.case === 'lt' ? value < most : value <= most);
}
