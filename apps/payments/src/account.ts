import type { Sql } from '@trivium/sqlite';
import type { Money } from './money.ts';
import { UnknownAccount } from './refusals.ts';

/**
 * What an account is for. CUSTOMER pays; HOLDS is what one customer's authorized payments have set
 * aside; SHOP is the shop's own, one a currency; EQUITY is where opening balances come from, one a
 * currency, and the only kind that may fall below zero.
 */
export type AccountKind = 'CUSTOMER' | 'HOLDS' | 'SHOP' | 'EQUITY';

/** An account of the ledger; it has one currency for good. */
export interface Account {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly balance: Money;
}

/** The account with this id, of whatever kind. */
export function findAccount(sql: Sql, accountId: string): Account | undefined {
  const row = sql.get<{ kind: AccountKind; currency: string; balanceMinor: number }>(
    'SELECT kind, currency, balance_minor AS balanceMinor FROM account WHERE account_id = ?',
    accountId,
  );
  if (!row) return undefined;
  const { kind, currency, balanceMinor } = row;
  return { accountId, kind, balance: { amountMinor: BigInt(balanceMinor), currency } };
}

/**
 * The account of a customer or of the shop. Throws {@link UnknownAccount}, also for holds and equity:
 * to callers of the service they do not exist.
 */
export function requireAccount(sql: Sql, accountId: string): Account {
  const account = findAccount(sql, accountId);
  if (!account || (account.kind !== 'CUSTOMER' && account.kind !== 'SHOP')) {
    throw new UnknownAccount(accountId);
  }
  return account;
}

/** The id of the shop's own account in a currency. Throws for a currency that it has none in. */
export function shopAccountId(sql: Sql, currency: string): string {
  const row = sql.get<{ accountId: string }>(
    "SELECT account_id AS accountId FROM account WHERE kind = 'SHOP' AND currency = ?",
    currency,
  );
  if (!row) throw new Error(`The shop has no account in ${currency}`);
  return row.accountId;
}

/** The id of the account that holds what a customer's authorized payments have set aside. */
export function holdsAccountId(customerId: string): string {
  return `holds:${customerId}`;
}

/** Opens an account with nothing in it, and for a customer the one for its holds. */
export function openAccount(
  sql: Sql,
  account: { accountId: string; kind: AccountKind; currency: string },
): void {
  const { accountId, kind, currency } = account;
  sql.run(
    'INSERT INTO account (account_id, kind, currency) VALUES (?, ?, ?)',
    accountId,
    kind,
    currency,
  );
  if (kind === 'CUSTOMER') {
    openAccount(sql, { accountId: holdsAccountId(accountId), kind: 'HOLDS', currency });
  }
}
