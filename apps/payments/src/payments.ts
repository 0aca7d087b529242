import type { Database } from '@trivium/sqlite';
import { findAccount, holdsAccountId, requireAccount } from './account.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeRequest } from './authorize.ts';
import { capture } from './capture.ts';
import type { Money } from './money.ts';
import type { Payment } from './payment.ts';
import { requirePayment } from './payment-table.ts';
import { refund } from './refund.ts';
import type { RefundRequest } from './refund.ts';
import { voidPayment } from './void-payment.ts';

/** What an account has. */
export interface Balance {
  /** What can be spent. */
  readonly available: Money;
  /** What its authorized payments have set aside. */
  readonly held: Money;
}

/**
 * The shop's payments. Each change is one transaction, and what it resolves with is on disk; it
 * rejects with what the function of the same name throws.
 */
export interface Payments {
  authorize(request: AuthorizeRequest): Promise<Payment>;
  capture(paymentId: string): Promise<Payment>;
  void(paymentId: string): Promise<Payment>;
  refund(request: RefundRequest): Promise<Payment>;
  /** One payment as it is now. Throws `UnknownPayment`. */
  payment(paymentId: string): Payment;
  /** What a customer or the shop has. Throws `UnknownAccount`, also for the ledger's own accounts. */
  balance(accountId: string): Balance;
}

/**
 * Creates the payments on a database that has its tables and accounts. `clock` gives the time in
 * epoch milliseconds.
 */
export function createPayments({
  db,
  clock = Date.now,
}: {
  db: Database;
  clock?: () => number;
}): Payments {
  return {
    authorize: (request) => db.write((sql) => authorize(sql, request, clock())),
    capture: (paymentId) => db.write((sql) => capture(sql, paymentId, clock())),
    void: (paymentId) => db.write((sql) => voidPayment(sql, paymentId, clock())),
    refund: (request) => db.write((sql) => refund(sql, request, clock())),
    payment: (paymentId) => db.read((sql) => requirePayment(sql, paymentId)),
    balance: (accountId) =>
      db.read((sql) => {
        const { balance } = requireAccount(sql, accountId);
        const holds = findAccount(sql, holdsAccountId(accountId));
        return { available: balance, held: holds?.balance ?? { ...balance, amountMinor: 0n } };
      }),
  };
}
