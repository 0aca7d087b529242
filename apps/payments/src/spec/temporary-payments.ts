import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@trivium/sqlite';
import type { Database } from '@trivium/sqlite';
import { migrations } from '../migrations.ts';
import { openBooks } from '../opening-accounts.ts';
import { createPayments } from '../payments.ts';
import type { Payments } from '../payments.ts';

/** Payments for one test, on a database in a folder of its own that goes with it. */
export interface TemporaryPayments extends AsyncDisposable {
  readonly db: Database;
  readonly payments: Payments;
  /** Closes the database and opens it again, as a restart does. */
  restart(): Promise<void>;
}

/** The moment at which all temporary payments take place. */
export const nowMs = Date.UTC(2026, 10, 1);

/** Opens payments with the accounts that a new service starts with. */
export async function openTemporaryPayments(): Promise<TemporaryPayments> {
  const folder = mkdtempSync(join(tmpdir(), 'payments-'));
  const clock = () => nowMs;
  let db = open();
  let payments = createPayments({ db, clock });
  await openBooks(db, clock);

  function open(): Database {
    return openDatabase({ path: join(folder, 'payments.db'), migrations });
  }

  return {
    get db() {
      return db;
    },
    get payments() {
      return payments;
    },
    restart: async () => {
      await db.close();
      db = open();
      await openBooks(db, clock);
      payments = createPayments({ db, clock });
    },
    [Symbol.asyncDispose]: async () => {
      await db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** So many minor units of the euro. */
export const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });
