import type { SeedProduct } from './seed-product.ts';

/** What is woven, knitted, felted or filled. */
export const textiles: readonly SeedProduct[] = [
  {
    sku: 'DUVET-DOWN-220',
    name: 'Goose-down duvet, 200 x 220 cm',
    description:
      'Light as a held breath: 640 grams of certified down in forty-two boxes of cambric.',
    priceMinor: 32900n,
    weightGrams: 2150,
    sizeMm: [600, 450, 300],
  },
  {
    sku: 'PILLOW-SPELT-40',
    name: 'Spelt pillow, 40 x 80 cm',
    description:
      'Filled with cleaned spelt husks that settle around the neck; the filling comes out for washing.',
    priceMinor: 4600n,
    weightGrams: 2900,
    sizeMm: [620, 380, 140],
  },
  {
    sku: 'BLANKET-WOOL-01',
    name: 'Wool blanket, herringbone',
    description:
      'Woven from the fleece of Baltic island sheep and washed until soft, 140 by 200 cm.',
    priceMinor: 11900n,
    weightGrams: 1640,
    sizeMm: [420, 330, 150],
  },
  {
    sku: 'TOWEL-LINEN-02',
    name: 'Linen towels, pair',
    description: 'Waffle linen that dries a person fast and itself faster, each 70 by 140 cm.',
    priceMinor: 5800n,
    weightGrams: 720,
    sizeMm: [360, 270, 60],
  },
  {
    sku: 'RUG-JUTE-240',
    name: 'Jute rug, 160 x 240 cm',
    description: 'Braided by hand in one long spiral cut square; it comes rolled on a paper core.',
    priceMinor: 18900n,
    weightGrams: 9800,
    sizeMm: [1650, 260, 250],
  },
  {
    sku: 'CURTAIN-LINEN-01',
    name: 'Linen curtain, natural',
    description: 'Half-sheer, with a heading tape for rings or a pole, 140 by 270 cm.',
    priceMinor: 7900n,
    weightGrams: 980,
    sizeMm: [380, 300, 50],
  },
  {
    sku: 'CUSHION-FELT-45',
    name: 'Felt seat cushion, round',
    description: 'Eight millimetres of grey wool felt over a latex core, 45 cm across.',
    priceMinor: 3200n,
    weightGrams: 520,
    sizeMm: [460, 460, 50],
  },
  {
    sku: 'BEANBAG-WOOL-01',
    name: 'Wool bean bag',
    description: 'A seat for slow evenings, filled with wool pellets in a canvas cover.',
    priceMinor: 21500n,
    weightGrams: 6400,
    sizeMm: [780, 620, 520],
  },
];
