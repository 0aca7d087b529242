import type { Tariff } from '../tariff.ts';
import { europeanIslands, germanIslands, outsideTaxTerritory } from './remote-areas.ts';

/** The freight forwarder: what is too heavy or too long for a van full of parcels, with a tail lift. */
export const ox: Tariff = {
  carrierId: 'ox',
  name: 'Ox Freight',
  maxWeightGrams: 400_000,
  maxLengthMm: 3_000,
  maxGirthMm: 8_000,
  volumetricDivisor: 4_000,
  fuelSurchargeBps: 980n,
  weightBreaksGrams: [30_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000, 400_000],
  stepGrams: 50_000,
  zones: [
    {
      zone: 1,
      areas: ['DE:2', 'DE:19'],
      days: [1, 3],
      pricesMinor: [3_900n, 4_900n, 5_900n, 6_900n, 8_600n, 10_200n, 13_100n, 15_900n],
      stepPriceMinor: 1_250n,
    },
    {
      zone: 2,
      areas: ['DE:1', 'DE:3', 'DE:4', 'DE:5'],
      days: [2, 4],
      pricesMinor: [4_500n, 5_700n, 6_900n, 8_100n, 10_200n, 12_200n, 15_900n, 19_400n],
      stepPriceMinor: 1_600n,
    },
    {
      zone: 3,
      areas: ['DE'],
      days: [2, 5],
      pricesMinor: [5_200n, 6_600n, 8_000n, 9_400n, 11_900n, 14_300n, 18_700n, 22_900n],
      stepPriceMinor: 1_950n,
    },
    {
      zone: 4,
      areas: ['AT', 'BE', 'CZ', 'DK', 'FR', 'LU', 'NL', 'PL'],
      days: [3, 7],
      pricesMinor: [8_900n, 11_300n, 13_700n, 16_100n, 20_500n, 24_700n, 32_500n, 39_900n],
      stepPriceMinor: 3_400n,
    },
    {
      zone: 5,
      areas: ['CH', 'HU', 'IT', 'SE', 'SI', 'SK'],
      days: [4, 9],
      pricesMinor: [13_900n, 17_300n, 20_700n, 24_100n, 30_300n, 36_300n, 47_700n, 58_500n],
      stepPriceMinor: 4_900n,
    },
  ],
  remoteSurcharges: [
    { areas: germanIslands, priceMinor: 4_900n },
    { areas: europeanIslands, priceMinor: 8_900n },
  ],
  notServed: outsideTaxTerritory,
};
