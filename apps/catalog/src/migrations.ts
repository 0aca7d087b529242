/** The tables of the catalogue, as migrations: append only. */
export const migrations: readonly string[] = [
  `CREATE TABLE products (
    sku TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    category TEXT NOT NULL,
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    currency TEXT NOT NULL,
    weight_grams INTEGER NOT NULL CHECK (weight_grams > 0),
    length_mm INTEGER NOT NULL CHECK (length_mm >= width_mm),
    width_mm INTEGER NOT NULL CHECK (width_mm >= height_mm),
    height_mm INTEGER NOT NULL CHECK (height_mm > 0),
    -- Every text above, folded: SQLite itself ignores the case of ASCII letters only.
    search_text TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
];
