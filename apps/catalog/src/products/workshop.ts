import type { SeedProduct } from './seed-product.ts';

/** What makes and mends all of the above. */
export const workshop: readonly SeedProduct[] = [
  {
    sku: 'AXE-SPLIT-25',
    name: 'Splitting axe',
    description:
      'A two-and-a-half-kilogram head ground to a wedge, on a hickory handle as long as a leg.',
    priceMinor: 8990n,
    weightGrams: 3450,
    sizeMm: [850, 240, 80],
  },
  {
    sku: 'SAW-BOW-76',
    name: 'Bow saw, 76 cm',
    description: 'Tubular steel with a blade that cuts green wood on both strokes.',
    priceMinor: 2690n,
    weightGrams: 980,
    sizeMm: [820, 210, 40],
  },
  {
    sku: 'PLANE-BLOCK-01',
    name: 'Block plane',
    description: 'Ductile iron with a low-angle blade that comes sharp enough for end grain.',
    priceMinor: 9450n,
    weightGrams: 820,
    sizeMm: [210, 90, 80],
  },
  {
    sku: 'CLAMP-BAR-02',
    name: 'Bar clamps, pair',
    description: 'Eighty centimetres of travel and cork on the jaws.',
    priceMinor: 4350n,
    weightGrams: 3300,
    sizeMm: [1010, 180, 60],
  },
  {
    sku: 'STONE-WATER-01',
    name: 'Sharpening stone, 1000/6000',
    description: 'A coarse side for the edge and a fine one for the shine, with a bamboo stand.',
    priceMinor: 3950n,
    weightGrams: 1180,
    sizeMm: [250, 110, 60],
  },
  {
    sku: 'OIL-LINSEED-05',
    name: 'Linseed oil, 0.5 litres',
    description: 'Cold-pressed and boiled without driers, for wood that is touched every day.',
    priceMinor: 1290n,
    weightGrams: 540,
    sizeMm: [190, 80, 80],
  },
  {
    sku: 'TWINE-JUTE-500',
    name: 'Jute twine, 500 g',
    description: 'Ties tomatoes, parcels and, for a while, everything else.',
    priceMinor: 890n,
    weightGrams: 520,
    sizeMm: [120, 115, 115],
  },
  {
    sku: 'BENCH-FOLD-01',
    name: 'Folding workbench, beech',
    description: 'A vice along the whole front and legs that fold flat against the top.',
    priceMinor: 21900n,
    weightGrams: 17600,
    sizeMm: [1080, 620, 190],
  },
];
