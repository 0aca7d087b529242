import type { Tariff } from '../tariff.ts';
import { germanIslands } from './remote-areas.ts';

/** The country's own parcel post: Germany only, by leading digits of the postal code. */
export const postal: Tariff = {
  carrierId: 'postal',
  name: 'Hanse Post',
  maxWeightGrams: 25_000,
  maxLengthMm: 1_200,
  maxGirthMm: 3_000,
  volumetricDivisor: 6_000,
  fuelSurchargeBps: 125n,
  weightBreaksGrams: [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 25_000],
  stepGrams: 1_000,
  zones: [
    {
      zone: 1,
      areas: ['DE:2', 'DE:19'],
      days: [1, 2],
      pricesMinor: [439n, 499n, 599n, 849n, 1_099n, 1_399n, 1_699n],
      stepPriceMinor: 75n,
    },
    {
      zone: 2,
      areas: ['DE:1', 'DE:3', 'DE:4', 'DE:5'],
      days: [1, 3],
      pricesMinor: [459n, 529n, 649n, 929n, 1_229n, 1_549n, 1_899n],
      stepPriceMinor: 85n,
    },
    {
      zone: 3,
      areas: ['DE'],
      days: [2, 3],
      pricesMinor: [479n, 559n, 699n, 999n, 1_349n, 1_699n, 2_099n],
      stepPriceMinor: 95n,
    },
  ],
  remoteSurcharges: [{ areas: germanIslands, priceMinor: 690n }],
  notServed: [],
};
