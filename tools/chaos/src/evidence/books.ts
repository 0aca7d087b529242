import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One payment, as the table has it. */
export interface PaymentRow {
  readonly paymentId: string;
  readonly state: 'AUTHORIZED' | 'CAPTURED' | 'VOIDED' | 'REFUNDED';
  readonly amountMinor: bigint;
}

/** One reservation, as the tables have it. */
export interface ReservationRow {
  readonly reservationId: string;
  readonly state: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
}

/** One SKU's pieces, as the table has them, and what the reservations say of them. */
export interface StockRow {
  readonly sku: string;
  readonly onHand: bigint;
  readonly reserved: bigint;
  readonly shipped: bigint;
  readonly received: bigint;
  readonly held: bigint;
  readonly committed: bigint;
}

/** What the databases of the services say. */
export interface Books {
  readonly stock: readonly StockRow[];
  readonly reservations: readonly ReservationRow[];
  readonly payments: readonly PaymentRow[];
  /** How many transactions the ledger has. */
  readonly transactions: number;
  /** Transactions whose entries do not sum to zero, or that have none. */
  readonly unbalanced: readonly { readonly reference: string; readonly sumMinor: bigint | null }[];
  /** Accounts whose balance is not the sum of their entries. */
  readonly wrongBalances: readonly string[];
  /** What is still set aside, on all accounts of holds together. */
  readonly heldMinor: bigint;
  /** What SQLite finds wrong with a file: `file: finding`. */
  readonly damage: readonly string[];
}

/** Reads the databases in a folder, past their services and without changing anything. */
export function readBooks(dataDir: string): Books {
  const inventory = open(dataDir, 'inventory.db');
  const payments = open(dataDir, 'payments.db');
  try {
    return {
      stock: all<StockRow>(inventory, stockQuery),
      reservations: all(
        inventory,
        'SELECT reservation_id AS reservationId, state FROM reservation',
      ),
      payments: all(
        payments,
        'SELECT payment_id AS paymentId, state, amount_minor AS amountMinor FROM payment',
      ),
      transactions: all(payments, 'SELECT 1 FROM ledger_transaction').length,
      unbalanced: all(payments, unbalancedQuery),
      wrongBalances: all<{ accountId: string }>(payments, wrongBalancesQuery).map(
        ({ accountId }) => accountId,
      ),
      heldMinor: all<{ sum: bigint }>(
        payments,
        "SELECT coalesce(sum(balance_minor), 0) AS sum FROM account WHERE kind = 'HOLDS'",
      )[0]!.sum,
      damage: readdirSync(dataDir)
        .filter((file) => file.endsWith('.db'))
        .flatMap((file) => damageOf(dataDir, file)),
    };
  } finally {
    inventory.close();
    payments.close();
  }
}

const stockQuery = `
  SELECT sku, on_hand AS onHand, reserved, shipped, received,
    ${piecesIn('HELD')} AS held, ${piecesIn('COMMITTED')} AS committed
  FROM stock`;

function piecesIn(state: string): string {
  return `coalesce((
    SELECT sum(quantity) FROM reservation_line JOIN reservation USING (reservation_id)
    WHERE reservation_line.sku = stock.sku AND state = '${state}'), 0)`;
}

const unbalancedQuery = `
  SELECT reference, sum(amount_minor) AS sumMinor
  FROM ledger_transaction LEFT JOIN entry USING (transaction_id)
  GROUP BY transaction_id HAVING sum(amount_minor) IS NOT 0`;

const wrongBalancesQuery = `
  SELECT account_id AS accountId FROM account
  WHERE balance_minor <> coalesce(
    (SELECT sum(amount_minor) FROM entry WHERE entry.account_id = account.account_id), 0)`;

function damageOf(dataDir: string, file: string): string[] {
  const database = open(dataDir, file);
  try {
    const findings = [
      ...all<{ integrity_check: string }>(database, 'PRAGMA integrity_check')
        .map(({ integrity_check: finding }) => finding)
        .filter((finding) => finding !== 'ok'),
      ...all<{ table: string }>(database, 'PRAGMA foreign_key_check').map(
        ({ table }) => `a row of ${table} refers to nothing`,
      ),
    ];
    return findings.map((finding) => `${file}: ${finding}`);
  } finally {
    database.close();
  }
}

const open = (dataDir: string, file: string): DatabaseSync =>
  new DatabaseSync(join(dataDir, file), { readOnly: true, timeout: 5_000 });

function all<Row>(database: DatabaseSync, text: string): Row[] {
  const statement = database.prepare(text);
  statement.setReadBigInts(true);
  return statement.all().map((row) => ({ ...row }) as Row);
}
