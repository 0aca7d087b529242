import type { Sql } from '@trivium/sqlite';
import { holdsAccountId, requireAccount } from './account.ts';
import { post, transfer } from './ledger.ts';
import { sameMoney } from './money.ts';
import type { Money } from './money.ts';
import type { Payment } from './payment.ts';
import { findPayment, insertPayment } from './payment-table.ts';
import { CurrencyMismatch, InsufficientFunds, NotACustomer, PaymentIdReused } from './refusals.ts';

/** What to set aside, whose, and under which id. */
export interface AuthorizeRequest {
  readonly paymentId: string;
  readonly accountId: string;
  /** Above zero. */
  readonly amount: Money;
}

/**
 * Moves money from a customer to its holds; an id that is known returns its payment. Throws
 * `PaymentIdReused`, `UnknownAccount`, `NotACustomer`, `CurrencyMismatch` or `InsufficientFunds`.
 */
export function authorize(sql: Sql, request: AuthorizeRequest, nowMs: number): Payment {
  const { paymentId, accountId, amount } = request;
  const known = findPayment(sql, paymentId);
  if (known) {
    if (known.accountId === accountId && sameMoney(known.amount, amount)) return known;
    throw new PaymentIdReused(paymentId);
  }
  const { kind, balance } = requireAccount(sql, accountId);
  if (kind !== 'CUSTOMER') throw new NotACustomer(accountId);
  if (amount.currency !== balance.currency) {
    throw new CurrencyMismatch({ expected: balance.currency, given: amount.currency });
  }
  if (amount.amountMinor > balance.amountMinor) {
    throw new InsufficientFunds({ accountId, wanted: amount, available: balance });
  }
  const payment: Payment = {
    paymentId,
    accountId,
    state: 'AUTHORIZED',
    amount: { amountMinor: amount.amountMinor, currency: amount.currency },
    refundedMinor: 0n,
    createTimeMs: nowMs,
  };
  insertPayment(sql, payment);
  post(sql, {
    kind: 'AUTHORIZE',
    reference: paymentId,
    createTimeMs: nowMs,
    entries: transfer({
      from: accountId,
      to: holdsAccountId(accountId),
      amountMinor: amount.amountMinor,
    }),
  });
  return payment;
}
