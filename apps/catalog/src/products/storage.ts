import type { SeedProduct } from './seed-product.ts';

/** What other things are put into. */
export const storage: readonly SeedProduct[] = [
  {
    sku: 'BASKET-WILLOW-02',
    name: 'Willow basket, pair',
    description: 'One nests in the other. Peeled willow with leather handles, for logs or laundry.',
    priceMinor: 6900n,
    weightGrams: 2300,
    sizeMm: [520, 420, 400],
  },
  {
    sku: 'CRATE-PINE-03',
    name: 'Pine crates, set of three',
    description: 'Planed boards and dovetailed corners; stacked on their sides they make a shelf.',
    priceMinor: 5400n,
    weightGrams: 6300,
    sizeMm: [500, 400, 310],
  },
  {
    sku: 'TIN-BREAD-01',
    name: 'Bread tin',
    description: 'Powder-coated steel with a lid of beech that doubles as a board.',
    priceMinor: 4700n,
    weightGrams: 2050,
    sizeMm: [430, 250, 190],
  },
  {
    sku: 'HOOK-OAK-05',
    name: 'Coat rail, five hooks',
    description: 'An oiled oak rail with cast hooks, and screws for plaster as well as for brick.',
    priceMinor: 3890n,
    weightGrams: 1150,
    sizeMm: [720, 110, 70],
  },
  {
    sku: 'SHELF-WALL-90',
    name: 'Wall shelf, 90 cm',
    description: 'Solid ash on two folded steel brackets that carry twenty kilograms.',
    priceMinor: 6490n,
    weightGrams: 4300,
    sizeMm: [930, 240, 60],
  },
  {
    sku: 'TRUNK-CEDAR-01',
    name: 'Cedar chest',
    description:
      'Moths dislike the inside, everyone else likes the lid: it is wide enough to sit on.',
    priceMinor: 28900n,
    weightGrams: 19500,
    sizeMm: [960, 480, 460],
  },
  {
    sku: 'BOX-FELT-03',
    name: 'Felt boxes, set of three',
    description: 'Folded from one piece each, without glue; they fit the crates and most shelves.',
    priceMinor: 3300n,
    weightGrams: 840,
    sizeMm: [380, 280, 90],
  },
];
