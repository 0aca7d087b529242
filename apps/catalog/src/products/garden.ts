import type { SeedProduct } from './seed-product.ts';

/** What grows, waters, shades and burns behind the house. */
export const garden: readonly SeedProduct[] = [
  {
    sku: 'SPADE-ASH-01',
    name: 'Digging spade',
    description: 'A forged blade with treads for the boot and a shaft of steamed ash.',
    priceMinor: 5890n,
    weightGrams: 2200,
    sizeMm: [1140, 200, 110],
  },
  {
    sku: 'SHEARS-PRUNE-01',
    name: 'Bypass secateurs',
    description: 'Every part can be unscrewed, sharpened and bought again.',
    priceMinor: 4890n,
    weightGrams: 290,
    sizeMm: [240, 80, 35],
  },
  {
    sku: 'CAN-ZINC-09',
    name: 'Watering can, 9 litres',
    description: 'Hot-dip galvanised, balanced so that it pours when half full, with a brass rose.',
    priceMinor: 5490n,
    weightGrams: 2050,
    sizeMm: [620, 400, 210],
  },
  {
    sku: 'HOSE-RUBBER-25',
    name: 'Garden hose, 25 metres',
    description:
      'Natural rubber that stays soft in frost and does not kink round the corner of the shed.',
    priceMinor: 8290n,
    weightGrams: 7600,
    sizeMm: [440, 420, 180],
  },
  {
    sku: 'POT-CLAY-30',
    name: 'Terracotta pot, 30 cm',
    description: 'Fired hot enough to stay outside all winter. With saucer.',
    priceMinor: 2990n,
    weightGrams: 5100,
    sizeMm: [340, 340, 330],
  },
  {
    sku: 'FIREBOWL-STEEL-80',
    name: 'Fire bowl, 80 cm',
    description: 'Three millimetres of raw steel that rusts to a warm brown and then stops.',
    priceMinor: 17900n,
    weightGrams: 21400,
    sizeMm: [830, 830, 240],
  },
  {
    sku: 'BASE-GRANITE-28',
    name: 'Parasol base, granite',
    description:
      'Twenty-six kilograms of Bohemian granite on rollers, for parasols with a pole up to 60 mm.',
    priceMinor: 12900n,
    weightGrams: 28000,
    sizeMm: [520, 520, 120],
  },
  {
    sku: 'PARASOL-TEAK-35',
    name: 'Parasol with teak pole, 3.5 m',
    description:
      'Eight ribs, a rope and a pulley, and a cover that can be taken off and washed. It travels in one piece.',
    priceMinor: 39900n,
    weightGrams: 16800,
    sizeMm: [2650, 240, 230],
  },
];
