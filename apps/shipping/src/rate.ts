import type { Destination } from './area.ts';
import { ceilDivide } from './ceil-divide.ts';
import { girthMm, lengthMm, volumetricGrams, type Parcel } from './parcel.ts';
import { ParcelRefused, type Refusal } from './parcel-refused.ts';
import { remoteSurchargeMinor, zoneOf, type Tariff, type Zone } from './tariff.ts';

/** What a carrier asks for a parcel. */
export interface Rate {
  readonly carrierId: string;
  /** The price in euro cents, all included. */
  readonly priceMinor: bigint;
  readonly zone: number;
  /** The weight that it bills, rounded up to its weight break. */
  readonly billedWeightGrams: number;
  /** The working days until delivery, at the earliest and at the latest. */
  readonly days: readonly [min: number, max: number];
}

/**
 * Computes the price of a parcel by a carrier's tariff: the price of the billed weight in the
 * destination's zone, plus fuel on that price, plus what a remote place costs. Integers only.
 * Throws `ParcelRefused` with every reason when the carrier does not take the parcel.
 */
export function computeRate(tariff: Tariff, parcel: Parcel, destination: Destination): Rate {
  const zone = zoneOf(tariff, destination);
  const refusals = refusalsOf(tariff, parcel);
  if (!zone) refusals.unshift(notServed(tariff, destination));
  if (!zone || refusals.length > 0) throw new ParcelRefused(tariff.carrierId, refusals);

  const { billedWeightGrams, basePriceMinor } = priceOfWeight(tariff, zone, parcel);
  const fuelMinor = (basePriceMinor * tariff.fuelSurchargeBps + 5_000n) / 10_000n;
  return {
    carrierId: tariff.carrierId,
    priceMinor: basePriceMinor + fuelMinor + remoteSurchargeMinor(tariff, destination),
    zone: zone.zone,
    billedWeightGrams,
    days: zone.days,
  };
}

function priceOfWeight(
  tariff: Tariff,
  zone: Zone,
  parcel: Parcel,
): { readonly billedWeightGrams: number; readonly basePriceMinor: bigint } {
  const grams = Math.max(parcel.weightGrams, volumetricGrams(parcel, tariff.volumetricDivisor));
  const row = tariff.weightBreaksGrams.findIndex((breakGrams) => grams <= breakGrams);
  if (row >= 0) {
    return {
      billedWeightGrams: tariff.weightBreaksGrams[row]!,
      basePriceMinor: zone.pricesMinor[row]!,
    };
  }
  const lastBreakGrams = tariff.weightBreaksGrams.at(-1)!;
  const steps = ceilDivide(grams - lastBreakGrams, tariff.stepGrams);
  return {
    billedWeightGrams: lastBreakGrams + steps * tariff.stepGrams,
    basePriceMinor: zone.pricesMinor.at(-1)! + BigInt(steps) * zone.stepPriceMinor,
  };
}

function notServed({ name }: Tariff, { country, postalCode }: Destination): Refusal {
  return {
    reason: 'NOT_SERVED',
    description: `${name} does not deliver to ${country} ${postalCode}`,
  };
}

function refusalsOf(tariff: Tariff, parcel: Parcel): Refusal[] {
  const refusals: Refusal[] = [];
  const { name, maxWeightGrams, maxLengthMm, maxGirthMm } = tariff;
  if (parcel.weightGrams > maxWeightGrams) {
    refusals.push({
      reason: 'TOO_HEAVY',
      description: `${name} takes up to ${maxWeightGrams} g, this parcel has ${parcel.weightGrams} g`,
    });
  }
  if (lengthMm(parcel) > maxLengthMm) {
    refusals.push({
      reason: 'TOO_LARGE',
      description: `${name} takes a longest side of up to ${maxLengthMm} mm, this parcel has ${lengthMm(parcel)} mm`,
    });
  }
  if (girthMm(parcel) > maxGirthMm) {
    refusals.push({
      reason: 'TOO_LARGE',
      description: `${name} takes a length plus girth of up to ${maxGirthMm} mm, this parcel has ${girthMm(parcel)} mm`,
    });
  }
  return refusals;
}
