import type { SeedProduct } from './seed-product.ts';

/** What a table is laid with. */
export const tableware: readonly SeedProduct[] = [
  {
    sku: 'MUG-STONE-01',
    name: 'Stoneware mug, slate',
    description: 'Thrown thick enough to keep a coffee warm through a long call. Holds 350 ml.',
    priceMinor: 1490n,
    weightGrams: 480,
    sizeMm: [140, 115, 110],
  },
  {
    sku: 'MUG-STONE-02',
    name: 'Stoneware mug, oat',
    description:
      'The pale sister of the slate mug, speckled where the clay shows through. Holds 350 ml.',
    priceMinor: 1490n,
    weightGrams: 480,
    sizeMm: [140, 115, 110],
  },
  {
    sku: 'PLATE-DINNER-04',
    name: 'Dinner plates, set of four',
    description: 'Wide flat rims in a matt glaze, 27 cm across, safe in oven and dishwasher.',
    priceMinor: 5200n,
    weightGrams: 3640,
    sizeMm: [310, 300, 130],
  },
  {
    sku: 'BOWL-SOUP-04',
    name: 'Soup bowls, set of four',
    description: 'Deep enough for noodles, with a foot that stays cool to the hand.',
    priceMinor: 4400n,
    weightGrams: 2480,
    sizeMm: [230, 220, 210],
  },
  {
    sku: 'GLASS-WATER-06',
    name: 'Water glasses, set of six',
    description: 'Pressed glass with eight facets; they stack without sticking together.',
    priceMinor: 2160n,
    weightGrams: 2100,
    sizeMm: [290, 200, 120],
  },
  {
    sku: 'CARAFE-CORK-01',
    name: 'Carafe with cork ball',
    description:
      'Blown borosilicate glass for a litre of water or a bottle of wine that wants air.',
    priceMinor: 2690n,
    weightGrams: 760,
    sizeMm: [330, 140, 140],
  },
  {
    sku: 'CUTLERY-OLIVE-24',
    name: 'Cutlery with olive-wood handles, 24 pieces',
    description: 'Knives, forks, spoons and teaspoons for six, riveted with brass.',
    priceMinor: 12900n,
    weightGrams: 1860,
    sizeMm: [360, 270, 70],
  },
  {
    sku: 'TEAPOT-IRON-08',
    name: 'Iron teapot, 0.8 litres',
    description: 'Cast iron, enamelled inside, with a steel sieve. It keeps tea hot for an hour.',
    priceMinor: 5990n,
    weightGrams: 1720,
    sizeMm: [220, 190, 160],
  },
];
