import type { Tariff } from '../tariff.ts';
import { europeanIslands, germanIslands, outlyingStates, scottishIslands } from './remote-areas.ts';

/** The express carrier: fast, dear, by air where it is far. */
export const swift: Tariff = {
  carrierId: 'swift',
  name: 'Swift Express',
  maxWeightGrams: 25_000,
  maxLengthMm: 1_500,
  maxGirthMm: 3_300,
  volumetricDivisor: 5_000,
  fuelSurchargeBps: 1_475n,
  weightBreaksGrams: [500, 1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 20_000, 25_000],
  stepGrams: 500,
  zones: [
    {
      zone: 1,
      areas: ['DE:20', 'DE:21', 'DE:22'],
      days: [1, 1],
      pricesMinor: [890n, 990n, 1_090n, 1_190n, 1_390n, 1_890n, 2_390n, 2_890n, 3_390n],
      stepPriceMinor: 55n,
    },
    {
      zone: 2,
      areas: ['DE'],
      days: [1, 1],
      pricesMinor: [1_190n, 1_290n, 1_440n, 1_590n, 1_890n, 2_640n, 3_390n, 4_140n, 4_890n],
      stepPriceMinor: 80n,
    },
    {
      zone: 3,
      areas: ['AT', 'BE', 'CZ', 'DK', 'FR', 'LU', 'NL', 'PL'],
      days: [1, 2],
      pricesMinor: [2_290n, 2_490n, 2_840n, 3_190n, 3_790n, 5_290n, 6_790n, 8_290n, 9_790n],
      stepPriceMinor: 155n,
    },
    {
      zone: 4,
      areas: ['CH', 'ES', 'FI', 'GB', 'HU', 'IE', 'IT', 'LI', 'NO', 'PT', 'SE', 'SI', 'SK'],
      days: [2, 3],
      pricesMinor: [2_990n, 3_290n, 3_840n, 4_390n, 5_390n, 7_640n, 9_890n, 12_140n, 14_390n],
      stepPriceMinor: 230n,
    },
    {
      zone: 5,
      areas: ['CA', 'US'],
      days: [2, 4],
      pricesMinor: [4_490n, 5_190n, 6_590n, 7_990n, 10_790n, 17_290n, 23_790n, 30_290n, 36_790n],
      stepPriceMinor: 660n,
    },
  ],
  remoteSurcharges: [
    { areas: germanIslands, priceMinor: 1_250n },
    {
      areas: [...europeanIslands, ...scottishIslands, ...outlyingStates, 'NO:9'],
      priceMinor: 2_400n,
    },
  ],
  notServed: ['DE:27498', 'ES:51', 'ES:52', 'FR:97', 'FR:98', 'PT:9'],
};
