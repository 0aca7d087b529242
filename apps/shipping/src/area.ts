/** Where a parcel goes: a country and its postal code in the form of `readPostalCode`. */
export interface Destination {
  /** The ISO 3166-1 alpha-2 code of the country. */
  readonly country: string;
  /** The postal code in capitals, without spaces and hyphens. */
  readonly postalCode: string;
}

/**
 * A piece of the map: a country (`DE`), or the part of it whose postal codes start with certain
 * digits or letters (`DE:2`, `FR:20`).
 */
export type Area = string;

/** Returns the country that an area lies in. */
export function countryOf(area: Area): string {
  return area.slice(0, 2);
}

/** Whether a destination lies in an area. */
export function contains(area: Area, { country, postalCode }: Destination): boolean {
  return area === country || (countryOf(area) === country && postalCode.startsWith(area.slice(3)));
}
