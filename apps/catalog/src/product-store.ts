import { openDatabase, type DatabaseLog, type Sql } from '@trivium/sqlite';
import type { Product } from './product.ts';
import { migrations } from './migrations.ts';
import { foldText } from './text-filter.ts';

/** Which products to read, by SKU. */
export interface ProductRange {
  /** Only products after this SKU; empty for all. */
  readonly afterSku: string;
  /** Words that must all occur in a product's texts, as `filterWords` gives them. */
  readonly words: readonly string[];
  /** The most products to return. */
  readonly limit: number;
}

/** The products on disk. */
export interface ProductStore {
  /** Returns those products that exist, by their SKU. */
  find(skus: readonly string[]): ReadonlyMap<string, Product>;
  /** Returns the first products of a range, by SKU. */
  list(range: ProductRange): readonly Product[];
  /** Closes the file. */
  close(): Promise<void>;
}

interface ProductRow {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly price_minor: number;
  readonly currency: string;
  readonly weight_grams: number;
  readonly length_mm: number;
  readonly width_mm: number;
  readonly height_mm: number;
}

/**
 * Opens the store, and fills it with `seed` when it is empty, in one transaction.
 * Rejects with `DatabaseUnavailable` when the file cannot be used.
 */
export async function openProductStore(options: {
  /** The file, or `:memory:`. */
  readonly path: string;
  readonly seed: readonly Product[];
  readonly log?: DatabaseLog;
}): Promise<ProductStore> {
  const { path, seed, log } = options;
  const db = openDatabase({ path, migrations, log });
  await db.write((sql) => {
    const isEmpty = sql.get('SELECT 1 FROM products LIMIT 1') === undefined;
    if (isEmpty) for (const product of seed) insert(sql, product);
  });

  return {
    find: (skus) => {
      const rows = db.read((sql) =>
        sql.all<ProductRow>(
          'SELECT * FROM products WHERE sku IN (SELECT value FROM json_each(?))',
          JSON.stringify(skus),
        ),
      );
      return new Map(rows.map((row) => [row.sku, toProduct(row)]));
    },

    // instr() knows no wildcards, so that a % or _ in a filter stands for itself.
    list: ({ afterSku, words, limit }) =>
      db
        .read((sql) =>
          sql.all<ProductRow>(
            `SELECT * FROM products
             WHERE sku > ?
               AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(search_text, value) = 0)
             ORDER BY sku LIMIT ?`,
            afterSku,
            JSON.stringify(words),
            limit,
          ),
        )
        .map(toProduct),

    close: () => db.close(),
  };
}

function insert(sql: Sql, product: Product): void {
  const { sku, name, description, category, dimensions } = product;
  sql.run(
    'INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    sku,
    name,
    description,
    category,
    product.priceMinor,
    product.currency,
    product.weightGrams,
    dimensions.lengthMm,
    dimensions.widthMm,
    dimensions.heightMm,
    // One line a field: no word can match across two of them.
    foldText([sku, name, description, category].join('\n')),
  );
}

function toProduct(row: ProductRow): Product {
  return {
    sku: row.sku,
    name: row.name,
    description: row.description,
    category: row.category,
    priceMinor: BigInt(row.price_minor),
    currency: row.currency,
    weightGrams: row.weight_grams,
    dimensions: { lengthMm: row.length_mm, widthMm: row.width_mm, heightMm: row.height_mm },
  };
}
