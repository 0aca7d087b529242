import type { Database } from '@trivium/sqlite';
import { openAccount } from './account.ts';
import { post, transfer } from './ledger.ts';

/**
 * Who can pay from the start. `linus` has too little for most of the shop, on purpose; `bank` has
 * enough for load tests.
 */
export const openingBalances = [
  { accountId: 'ada', currency: 'EUR', amountMinor: 5_000_00n },
  { accountId: 'grace', currency: 'EUR', amountMinor: 1_200_00n },
  { accountId: 'linus', currency: 'EUR', amountMinor: 20_00n },
  { accountId: 'tim', currency: 'USD', amountMinor: 800_00n },
  { accountId: 'bank', currency: 'EUR', amountMinor: 10_000_000_00n },
] as const;

/** The ledger's own side of the books: the shop's account and the source of openings, by currency. */
const houseAccounts = {
  EUR: { shop: 'shop', equity: 'equity-eur' },
  USD: { shop: 'shop-usd', equity: 'equity-usd' },
} as const;

/**
 * Opens the shop's accounts and its customers', in one transaction, unless there are any already.
 * What a customer has comes out of equity, so that the books balance from the first entry on.
 */
export function openBooks(db: Database, clock: () => number = Date.now): Promise<void> {
  return db.write((sql) => {
    if (sql.get('SELECT account_id FROM account LIMIT 1')) return;
    for (const [currency, { shop, equity }] of Object.entries(houseAccounts)) {
      openAccount(sql, { accountId: shop, kind: 'SHOP', currency });
      openAccount(sql, { accountId: equity, kind: 'EQUITY', currency });
    }
    for (const { accountId, currency, amountMinor } of openingBalances) {
      openAccount(sql, { accountId, kind: 'CUSTOMER', currency });
      post(sql, {
        kind: 'OPENING',
        reference: accountId,
        entries: transfer({ from: houseAccounts[currency].equity, to: accountId, amountMinor }),
        createTimeMs: clock(),
      });
    }
  });
}
