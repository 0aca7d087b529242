import type { Database, Sql } from '@trivium/sqlite';

/** Where the books are wrong; in sound books both lists are empty. */
export interface LedgerImbalance {
  /** Transactions without entries, or whose entries do not sum to zero within each currency. */
  readonly transactions: readonly { transactionId: number; sumMinor: bigint }[];
  /** Accounts whose balance is not the sum of their entries. */
  readonly accounts: readonly { accountId: string; balanceMinor: bigint; entriesMinor: bigint }[];
}

/** Audits the whole ledger. Reads every entry, so it is for starts, tests and operators. */
export function ledgerImbalance(sql: Sql): LedgerImbalance {
  const transactions = sql.all<{ transactionId: number; sumMinor: number }>(
    `SELECT t.transaction_id AS transactionId, coalesce(sum(e.amount_minor), 0) AS sumMinor
     FROM ledger_transaction AS t
       LEFT JOIN entry AS e USING (transaction_id)
       LEFT JOIN account AS a USING (account_id)
     GROUP BY t.transaction_id, a.currency
     HAVING count(e.account_id) = 0 OR sumMinor <> 0`,
  );
  const accounts = sql.all<{ accountId: string; balanceMinor: number; entriesMinor: number }>(
    `SELECT a.account_id AS accountId, a.balance_minor AS balanceMinor,
       coalesce(sum(e.amount_minor), 0) AS entriesMinor
     FROM account AS a LEFT JOIN entry AS e USING (account_id)
     GROUP BY a.account_id
     HAVING entriesMinor <> balanceMinor`,
  );
  return {
    transactions: transactions.map(({ transactionId, sumMinor }) => ({
      transactionId,
      sumMinor: BigInt(sumMinor),
    })),
    accounts: accounts.map(({ accountId, balanceMinor, entriesMinor }) => ({
      accountId,
      balanceMinor: BigInt(balanceMinor),
      entriesMinor: BigInt(entriesMinor),
    })),
  };
}

/** Audits the ledger and logs an error if the books are wrong. */
export function auditLedger(
  db: Database,
  log: { error(fields: object, message: string): void },
): void {
  const { transactions, accounts } = db.read(ledgerImbalance);
  if (transactions.length === 0 && accounts.length === 0) return;
  log.error(
    {
      transactionIds: transactions.map(({ transactionId }) => transactionId),
      accountIds: accounts.map(({ accountId }) => accountId),
    },
    'the ledger does not balance',
  );
}
