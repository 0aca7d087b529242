import type { Tariff } from '../tariff.ts';
import { europeanIslands, germanIslands, outsideTaxTerritory } from './remote-areas.ts';

/** The economy carrier: every country of the European Union, by road, when the lorry is full. */
export const stork: Tariff = {
  carrierId: 'stork',
  name: 'Stork Economy',
  maxWeightGrams: 20_000,
  maxLengthMm: 1_000,
  maxGirthMm: 2_600,
  volumetricDivisor: 4_000,
  fuelSurchargeBps: 675n,
  weightBreaksGrams: [1_000, 3_000, 5_000, 10_000, 15_000, 20_000],
  stepGrams: 2_500,
  zones: [
    {
      zone: 1,
      areas: ['DE'],
      days: [2, 4],
      pricesMinor: [419n, 529n, 639n, 889n, 1_189n, 1_489n],
      stepPriceMinor: 190n,
    },
    {
      zone: 2,
      areas: ['AT', 'BE', 'CZ', 'DK', 'FR', 'LU', 'NL', 'PL'],
      days: [3, 5],
      pricesMinor: [849n, 1_049n, 1_249n, 1_649n, 2_099n, 2_549n],
      stepPriceMinor: 270n,
    },
    {
      zone: 3,
      areas: ['EE', 'ES', 'FI', 'HR', 'HU', 'IE', 'IT', 'LT', 'LV', 'PT', 'SE', 'SI', 'SK'],
      days: [4, 8],
      pricesMinor: [1_149n, 1_449n, 1_749n, 2_349n, 2_999n, 3_649n],
      stepPriceMinor: 385n,
    },
    {
      zone: 4,
      areas: ['BG', 'CY', 'GR', 'MT', 'RO'],
      days: [6, 12],
      pricesMinor: [1_449n, 1_849n, 2_249n, 3_049n, 3_899n, 4_749n],
      stepPriceMinor: 490n,
    },
  ],
  remoteSurcharges: [
    { areas: germanIslands, priceMinor: 790n },
    { areas: [...europeanIslands, 'CY', 'MT'], priceMinor: 1_150n },
  ],
  notServed: outsideTaxTerritory,
};
