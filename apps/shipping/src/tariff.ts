import { contains, countryOf, type Area, type Destination } from './area.ts';

/** The destinations that a carrier reaches at the same price, in the same time. */
export interface Zone {
  /** Its number, 1 being the nearest. */
  readonly zone: number;
  readonly areas: readonly Area[];
  /** The working days until delivery, at the earliest and at the latest. */
  readonly days: readonly [min: number, max: number];
  /** The price in cents up to each of the tariff's weight breaks, in their order. */
  readonly pricesMinor: readonly bigint[];
  /** The price in cents of each further step that is started beyond the last weight break. */
  readonly stepPriceMinor: bigint;
}

/** What a carrier adds for places that are hard to reach. */
export interface RemoteSurcharge {
  readonly areas: readonly Area[];
  readonly priceMinor: bigint;
}

/** A carrier, and all that its price depends on. Prices are in euro cents, without fuel. */
export interface Tariff {
  readonly carrierId: string;
  /** What a person calls it. */
  readonly name: string;
  /** The heaviest parcel that it takes, by its actual weight. */
  readonly maxWeightGrams: number;
  /** The longest side that it takes. */
  readonly maxLengthMm: number;
  /** The greatest length plus girth that it takes: length + 2 × (width + height). */
  readonly maxGirthMm: number;
  /** What it divides cubic centimetres by, to get kilograms to bill. */
  readonly volumetricDivisor: number;
  /** Added to the price of the weight, in basis points (hundredths of a percent), rounded half up. */
  readonly fuelSurchargeBps: bigint;
  /** The weights up to which the prices of a zone hold, in grams, ascending. */
  readonly weightBreaksGrams: readonly number[];
  /** The size of the steps beyond the last weight break, in grams. */
  readonly stepGrams: number;
  readonly zones: readonly Zone[];
  /** The most specific one counts; no fuel is added to it. */
  readonly remoteSurcharges: readonly RemoteSurcharge[];
  /** Parts of the countries above that it does not deliver to. */
  readonly notServed: readonly Area[];
}

/** Returns the item with the most specific area that holds the destination, if any does. */
function mostSpecific<T extends { readonly areas: readonly Area[] }>(
  items: readonly T[],
  destination: Destination,
): T | undefined {
  let best: { readonly item: T; readonly area: Area } | undefined;
  for (const item of items) {
    for (const area of item.areas) {
      if (!contains(area, destination)) continue;
      if (!best || area.length > best.area.length) best = { item, area };
    }
  }
  return best?.item;
}

/** Returns the zone of a destination, or nothing when the carrier does not deliver there. */
export function zoneOf(tariff: Tariff, destination: Destination): Zone | undefined {
  if (tariff.notServed.some((area) => contains(area, destination))) return undefined;
  return mostSpecific(tariff.zones, destination);
}

/** Returns what the carrier adds for a remote destination, in cents; 0 for most. */
export function remoteSurchargeMinor(tariff: Tariff, destination: Destination): bigint {
  return mostSpecific(tariff.remoteSurcharges, destination)?.priceMinor ?? 0n;
}

/** Returns the countries that a carrier delivers to, in order. */
export function countriesOf(tariff: Tariff): readonly string[] {
  const areas = tariff.zones.flatMap((zone) => zone.areas);
  return [...new Set(areas.map(countryOf))].sort();
}
