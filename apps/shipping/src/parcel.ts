import { ceilDivide } from './ceil-divide.ts';

/** One packed box. */
export interface Parcel {
  readonly weightGrams: number;
  /** Its outer measures in millimetres, in any order. */
  readonly sidesMm: readonly [number, number, number];
}

/** Returns the longest side, in millimetres. */
export function lengthMm(parcel: Parcel): number {
  return Math.max(...parcel.sidesMm);
}

/** Returns what carriers call the girth, in millimetres: the longest side, and once around the other two. */
export function girthMm(parcel: Parcel): number {
  const [a, b, c] = parcel.sidesMm;
  return 2 * (a + b + c) - lengthMm(parcel);
}

/**
 * Returns the weight, in whole grams rounded up, that a carrier bills for a box of this volume.
 * Its divisor turns cubic centimetres into kilograms, which is the same as cubic millimetres into
 * grams.
 */
export function volumetricGrams(parcel: Parcel, divisor: number): number {
  const [a, b, c] = parcel.sidesMm;
  return ceilDivide(a * b * c, divisor);
}
