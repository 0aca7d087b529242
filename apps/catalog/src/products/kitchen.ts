import type { SeedProduct } from './seed-product.ts';

/** What hangs, stands and boils in a kitchen. */
export const kitchen: readonly SeedProduct[] = [
  {
    sku: 'PAN-IRON-28',
    name: 'Cast-iron frying pan, 28 cm',
    description:
      'Seasoned in the foundry with rapeseed oil, so the first egg already slides. Good on gas, induction and embers.',
    priceMinor: 5490n,
    weightGrams: 3150,
    sizeMm: [480, 300, 75],
  },
  {
    sku: 'POT-ENAMEL-05',
    name: 'Enamel stockpot, 5 litres',
    description:
      'Two coats of white enamel over steel, with a lid that holds on a nail of its own. Rust has nowhere to begin.',
    priceMinor: 4290n,
    weightGrams: 1980,
    sizeMm: [320, 270, 200],
  },
  {
    sku: 'KNIFE-CHEF-20',
    name: "Chef's knife, 20 cm",
    description:
      'A carbon-steel blade with a pearwood handle. It takes an edge fast and asks to be dried after washing.',
    priceMinor: 7900n,
    weightGrams: 340,
    sizeMm: [380, 80, 40],
  },
  {
    sku: 'BOARD-BEECH-01',
    name: 'Chopping board, oiled beech',
    description: 'End-grain beech from the Solling with a groove for juices on one side.',
    priceMinor: 3450n,
    weightGrams: 2250,
    sizeMm: [420, 300, 45],
  },
  {
    sku: 'KETTLE-STOVE-18',
    name: 'Stove-top kettle, 1.8 litres',
    description: 'Brushed steel with a whistle in two notes that can be heard in the garden.',
    priceMinor: 3990n,
    weightGrams: 1120,
    sizeMm: [260, 240, 220],
  },
  {
    sku: 'MILL-PEPPER-21',
    name: 'Pepper mill, walnut',
    description:
      'A ceramic grinder in a turned walnut body; the knob on top sets how coarse it grinds.',
    priceMinor: 2850n,
    weightGrams: 390,
    sizeMm: [240, 80, 75],
  },
  {
    sku: 'SCALE-BRASS-05',
    name: 'Kitchen scale with brass weights',
    description:
      'A balance for up to five kilograms that needs no battery, with seven weights in a fitted block.',
    priceMinor: 11900n,
    weightGrams: 4680,
    sizeMm: [410, 260, 230],
  },
  {
    sku: 'JAR-FERMENT-10',
    name: 'Fermentation crock, 10 litres',
    description:
      'Salt-glazed stoneware with a water-filled rim and two weights, for cabbage that takes its time.',
    priceMinor: 8450n,
    weightGrams: 9200,
    sizeMm: [360, 340, 330],
  },
];
