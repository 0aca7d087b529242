/** One product of the catalogue that a new database starts with. */
export interface SeedProduct {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** The price of one piece, in euro cents. */
  readonly priceMinor: bigint;
  /** The weight of one packed piece, in grams. */
  readonly weightGrams: number;
  /** The outer measures of one packed piece, in millimetres, the longest first. */
  readonly sizeMm: readonly [lengthMm: number, widthMm: number, heightMm: number];
}
