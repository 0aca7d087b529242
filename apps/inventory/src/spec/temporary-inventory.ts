import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@trivium/sqlite';
import type { Database } from '@trivium/sqlite';
import { createInventory } from '../inventory.ts';
import type { Inventory } from '../inventory.ts';
import { migrations } from '../migrations.ts';
import { receive } from '../stock.ts';

/** An inventory for one test, on a database in a folder of its own that goes with it. */
export interface TemporaryInventory extends AsyncDisposable {
  readonly db: Database;
  readonly inventory: Inventory;
  /** Sets the inventory's clock forward. */
  pass(ms: number): void;
  /** Closes the database and opens it again, as a restart does. */
  restart(): Promise<void>;
}

/** Opens an inventory with so many pieces of each SKU, at the time 0. */
export async function openTemporaryInventory(
  stock: Readonly<Record<string, number>>,
): Promise<TemporaryInventory> {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  let nowMs = 0;
  let db = open();
  let inventory = createInventory({ db, clock: () => nowMs });
  await db.write((sql) =>
    receive(
      sql,
      Object.entries(stock).map(([sku, quantity]) => ({ sku, quantity })),
    ),
  );

  function open(): Database {
    return openDatabase({ path: join(folder, 'inventory.db'), migrations });
  }

  return {
    get db() {
      return db;
    },
    get inventory() {
      return inventory;
    },
    pass: (ms) => {
      nowMs += ms;
    },
    restart: async () => {
      await db.close();
      db = open();
      inventory = createInventory({ db, clock: () => nowMs });
    },
    [Symbol.asyncDispose]: async () => {
      await db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * What is wrong with the books: SKUs whose pieces do not add up, and SKUs whose reserved pieces are
 * not the sum of what held reservations say. Empty for sound ones.
 */
export function faultsOf(db: Database): object[] {
  return db.read((sql) =>
    sql.all(
      `SELECT * FROM (
         SELECT s.*, coalesce((
           SELECT sum(l.quantity) FROM reservation_line AS l JOIN reservation USING (reservation_id)
           WHERE l.sku = s.sku AND state = 'HELD'
         ), 0) AS held, coalesce((
           SELECT sum(l.quantity) FROM reservation_line AS l JOIN reservation USING (reservation_id)
           WHERE l.sku = s.sku AND state = 'COMMITTED'
         ), 0) AS committed
         FROM stock AS s
       ) WHERE on_hand + reserved + shipped <> received OR reserved <> held OR shipped <> committed`,
    ),
  );
}
