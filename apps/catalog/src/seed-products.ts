import type { Product } from './product.ts';
import { camping } from './products/camping.ts';
import { garden } from './products/garden.ts';
import { kitchen } from './products/kitchen.ts';
import { lighting } from './products/lighting.ts';
import type { SeedProduct } from './products/seed-product.ts';
import { storage } from './products/storage.ts';
import { tableware } from './products/tableware.ts';
import { textiles } from './products/textiles.ts';
import { workshop } from './products/workshop.ts';

const shelves: Readonly<Record<string, readonly SeedProduct[]>> = {
  kitchen,
  tableware,
  textiles,
  lighting,
  storage,
  garden,
  camping,
  workshop,
};

/** The catalogue that a new database starts with: what a shop for home and outdoors in Hamburg sells. */
export const seedProducts: readonly Product[] = Object.entries(shelves).flatMap(
  ([category, products]) =>
    products.map(({ sizeMm: [lengthMm, widthMm, heightMm], ...product }) => ({
      ...product,
      category,
      currency: 'EUR',
      dimensions: { lengthMm, widthMm, heightMm },
    })),
);
