import type { Sql } from '@trivium/sqlite';

/** One side of a transaction: what an account gets, or gives when it is negative. */
export interface Entry {
  readonly accountId: string;
  readonly amountMinor: bigint;
}

/** What a transaction was for. */
export type TransactionKind = 'OPENING' | 'AUTHORIZE' | 'CAPTURE' | 'VOID' | 'REFUND';

/** A movement of money between accounts of one currency, whose entries sum to zero. */
export interface Transaction {
  readonly kind: TransactionKind;
  /** The key that it is booked for: at most one transaction of a kind has it. */
  readonly reference: string;
  readonly entries: readonly Entry[];
  /** In epoch milliseconds. */
  readonly createTimeMs: number;
}

/** The two entries that move an amount. Throws a RangeError for one that is not above zero. */
export function transfer({
  from,
  to,
  amountMinor,
}: {
  from: string;
  to: string;
  amountMinor: bigint;
}): readonly Entry[] {
  if (amountMinor <= 0n) throw new RangeError(`Not an amount to move: ${amountMinor}`);
  return [
    { accountId: from, amountMinor: -amountMinor },
    { accountId: to, amountMinor },
  ];
}

/**
 * Writes a transaction, and with it moves the balances of its accounts. Throws a RangeError for
 * entries that do not sum to zero or are of several currencies. An account that would fall below
 * zero, and a kind and reference that are booked already, fail the tables' checks.
 */
export function post(sql: Sql, { kind, reference, entries, createTimeMs }: Transaction): void {
  const sumMinor = entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  if (entries.length < 2 || sumMinor !== 0n) {
    throw new RangeError(`The ${entries.length} entries of ${reference} sum to ${sumMinor}, not 0`);
  }
  const currencies = new Set(entries.map(({ accountId }) => currencyOf(sql, accountId)));
  if (currencies.size > 1) {
    throw new RangeError(`The entries of ${reference} mix ${[...currencies].join(' and ')}`);
  }
  const { transactionId } = sql.get<{ transactionId: number }>(
    `INSERT INTO ledger_transaction (kind, reference, create_time_ms) VALUES (?, ?, ?)
     RETURNING transaction_id AS transactionId`,
    kind,
    reference,
    createTimeMs,
  )!;
  for (const { accountId, amountMinor } of entries) {
    sql.run('INSERT INTO entry VALUES (?, ?, ?)', transactionId, accountId, amountMinor);
  }
}

function currencyOf(sql: Sql, accountId: string): string {
  const account = sql.get<{ currency: string }>(
    'SELECT currency FROM account WHERE account_id = ?',
    accountId,
  );
  if (!account) throw new RangeError(`The ledger has no account ${JSON.stringify(accountId)}`);
  return account.currency;
}
