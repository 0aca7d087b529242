import type { SeedProduct } from './seed-product.ts';

/** What is carried out of town and back again. */
export const camping: readonly SeedProduct[] = [
  {
    sku: 'TENT-RIDGE-02',
    name: 'Ridge tent, two people',
    description:
      'Cotton canvas that breathes, two poles, fourteen pegs, and a groundsheet that buttons in.',
    priceMinor: 42900n,
    weightGrams: 7900,
    sizeMm: [720, 280, 270],
  },
  {
    sku: 'BAG-SLEEP-05',
    name: 'Down sleeping bag, 5 °C',
    description:
      'Box-stitched, with a draught collar. It is sent loose and not compressed, so that the down arrives in good spirits.',
    priceMinor: 24900n,
    weightGrams: 1050,
    sizeMm: [480, 360, 300],
  },
  {
    sku: 'MAT-FOAM-01',
    name: 'Foam sleeping mat',
    description:
      'Fourteen millimetres of closed-cell foam: nothing to inflate, nothing to puncture.',
    priceMinor: 2890n,
    weightGrams: 410,
    sizeMm: [600, 200, 190],
  },
  {
    sku: 'STOVE-SPIRIT-01',
    name: 'Spirit stove',
    description: 'A brass burner with a simmer ring, a windshield and two nested pots.',
    priceMinor: 6990n,
    weightGrams: 940,
    sizeMm: [240, 230, 120],
  },
  {
    sku: 'MUG-ENAMEL-01',
    name: 'Enamel mug',
    description: 'White with a blue rim; each chip becomes a memory. Holds 400 ml.',
    priceMinor: 990n,
    weightGrams: 165,
    sizeMm: [110, 105, 90],
  },
  {
    sku: 'FLASK-STEEL-10',
    name: 'Vacuum flask, 1 litre',
    description: 'Tea from the morning burns the tongue at noon. Two cups in the lid.',
    priceMinor: 3690n,
    weightGrams: 690,
    sizeMm: [330, 110, 105],
  },
  {
    sku: 'COOLER-WOOL-20',
    name: 'Cool box with wool lining, 20 litres',
    description: "Sheep's wool between birch panels keeps ice for a day and a half.",
    priceMinor: 14900n,
    weightGrams: 6800,
    sizeMm: [510, 380, 370],
  },
  {
    sku: 'ROPE-HEMP-20',
    name: 'Hemp rope, 20 metres',
    description: 'Twelve millimetres thick, three strands, for swings, lashings and clothes lines.',
    priceMinor: 2790n,
    weightGrams: 2350,
    sizeMm: [280, 270, 120],
  },
];
