/** The outer measures of a packed piece, in millimetres, the longest first. */
export interface Dimensions {
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** What the shop sells: one stock-keeping unit. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** The price of one piece, in the minor units of `currency`. */
  readonly priceMinor: bigint;
  /** The ISO 4217 code of the price's currency. */
  readonly currency: string;
  /** The weight of one packed piece, in grams. */
  readonly weightGrams: number;
  readonly dimensions: Dimensions;
}
