import type { SeedProduct } from './seed-product.ts';

/** What gives light, with a cable or without. */
export const lighting: readonly SeedProduct[] = [
  {
    sku: 'LAMP-DESK-01',
    name: 'Desk lamp, jointed arm',
    description:
      'Two springs, three joints and a steel shade that turns all the way round. E27, bulb not included.',
    priceMinor: 8900n,
    weightGrams: 2350,
    sizeMm: [440, 240, 180],
  },
  {
    sku: 'LAMP-PAPER-60',
    name: 'Paper pendant lamp, 60 cm',
    description: 'A globe of mulberry paper on split bamboo; it folds flat for the journey.',
    priceMinor: 3900n,
    weightGrams: 410,
    sizeMm: [620, 620, 45],
  },
  {
    sku: 'LAMP-FLOOR-02',
    name: 'Floor lamp with linen shade',
    description: 'An ash tripod and a drum shade, ready made up so that nothing needs to be glued.',
    priceMinor: 16900n,
    weightGrams: 5400,
    sizeMm: [1480, 480, 460],
  },
  {
    sku: 'LANTERN-STORM-01',
    name: 'Storm lantern',
    description:
      'Tinned steel and a glass that lifts on a lever, burning twenty hours on a filling of lamp oil.',
    priceMinor: 3490n,
    weightGrams: 890,
    sizeMm: [280, 180, 170],
  },
  {
    sku: 'STRING-LED-20',
    name: 'String lights, 20 bulbs',
    description: 'Ten metres of rubber cable with warm filament bulbs, made to hang in the rain.',
    priceMinor: 4990n,
    weightGrams: 1450,
    sizeMm: [300, 260, 140],
  },
  {
    sku: 'CANDLE-BEES-06',
    name: 'Beeswax candles, set of six',
    description: 'Dipped thirty times, smelling of a warm attic. Each burns for about nine hours.',
    priceMinor: 2450n,
    weightGrams: 560,
    sizeMm: [260, 130, 50],
  },
  {
    sku: 'TORCH-HEAD-01',
    name: 'Head torch, 400 lumens',
    description:
      'A red mode for reading the map, a white one for finding the tent, charged by USB-C.',
    priceMinor: 4590n,
    weightGrams: 140,
    sizeMm: [120, 90, 60],
  },
];
