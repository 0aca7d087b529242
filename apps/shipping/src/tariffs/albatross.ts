import type { Tariff } from '../tariff.ts';
import { europeanIslands, germanIslands, outlyingStates, scottishIslands } from './remote-areas.ts';

/** The worldwide carrier: slow over land, patient over water. */
export const albatross: Tariff = {
  carrierId: 'albatross',
  name: 'Albatross Worldwide',
  maxWeightGrams: 20_000,
  maxLengthMm: 1_750,
  maxGirthMm: 3_600,
  volumetricDivisor: 5_000,
  fuelSurchargeBps: 1_825n,
  weightBreaksGrams: [500, 1_000, 2_000, 5_000, 10_000, 20_000],
  stepGrams: 1_000,
  zones: [
    {
      zone: 1,
      areas: ['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'FR', 'LI', 'LU', 'NL', 'PL'],
      days: [2, 5],
      pricesMinor: [790n, 890n, 1_090n, 1_490n, 2_090n, 3_190n],
      stepPriceMinor: 130n,
    },
    {
      zone: 2,
      areas: [
        ...['BG', 'CY', 'EE', 'ES', 'FI', 'GB', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LT', 'LV'],
        ...['MT', 'NO', 'PT', 'RO', 'RS', 'SE', 'SI', 'SK', 'TR', 'UA'],
      ],
      days: [4, 9],
      pricesMinor: [1_190n, 1_390n, 1_790n, 2_590n, 3_790n, 5_990n],
      stepPriceMinor: 245n,
    },
    {
      zone: 3,
      areas: ['AE', 'CA', 'EG', 'IL', 'MA', 'MX', 'SA', 'TN', 'US'],
      days: [6, 14],
      pricesMinor: [1_690n, 2_190n, 3_190n, 5_590n, 9_190n, 15_990n],
      stepPriceMinor: 740n,
    },
    {
      zone: 4,
      areas: [
        ...['AR', 'AU', 'BR', 'CL', 'CN', 'HK', 'ID', 'IN', 'JP', 'KE', 'KR', 'MY', 'NG', 'NZ'],
        ...['PH', 'SG', 'TH', 'TW', 'VN', 'ZA'],
      ],
      days: [8, 21],
      pricesMinor: [1_990n, 2_690n, 4_090n, 7_390n, 12_690n, 22_890n],
      stepPriceMinor: 1_060n,
    },
  ],
  remoteSurcharges: [
    { areas: germanIslands, priceMinor: 950n },
    {
      areas: [...europeanIslands, ...scottishIslands, 'ES:35', 'ES:38', 'ES:51', 'ES:52', 'FR:97'],
      priceMinor: 1_900n,
    },
    { areas: [...outlyingStates, 'AU:08'], priceMinor: 2_900n },
  ],
  notServed: [],
};
