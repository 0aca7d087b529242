import type { Sql } from '@trivium/sqlite';
import { shopAccountId } from './account.ts';
import { post, transfer } from './ledger.ts';
import { sameMoney } from './money.ts';
import type { Money } from './money.ts';
import type { Payment } from './payment.ts';
import { requirePayment, updatePayment } from './payment-table.ts';
import { findRefund, insertRefund } from './refund-table.ts';
import { CurrencyMismatch, RefundIdReused, RefundTooLarge, WrongPaymentState } from './refusals.ts';

/** How much to give back of which payment, and under which id. */
export interface RefundRequest {
  readonly paymentId: string;
  /** Unique among the refunds of all payments. */
  readonly refundId: string;
  /** Above zero. */
  readonly amount: Money;
}

/**
 * Moves money from the shop back to the customer; an id that is known returns its payment as it is
 * now. Throws `RefundIdReused`, `UnknownPayment`, `CurrencyMismatch`, `WrongPaymentState` for a
 * payment that was not captured, or `RefundTooLarge`.
 */
export function refund(sql: Sql, request: RefundRequest, nowMs: number): Payment {
  const { paymentId, refundId, amount } = request;
  const known = findRefund(sql, refundId);
  if (known) {
    if (known.paymentId !== paymentId || !sameMoney(known.amount, amount)) {
      throw new RefundIdReused(refundId);
    }
    return requirePayment(sql, paymentId);
  }
  const payment = requirePayment(sql, paymentId);
  const { currency } = payment.amount;
  if (amount.currency !== currency) {
    throw new CurrencyMismatch({ expected: currency, given: amount.currency });
  }
  if (payment.state === 'AUTHORIZED' || payment.state === 'VOIDED') {
    throw new WrongPaymentState(payment);
  }
  const { amountMinor } = amount;
  const leftMinor = payment.amount.amountMinor - payment.refundedMinor;
  if (amountMinor > leftMinor) {
    const left = { amountMinor: leftMinor, currency };
    throw new RefundTooLarge({ paymentId, wanted: amount, left });
  }
  insertRefund(sql, { refundId, paymentId, amount });
  post(sql, {
    kind: 'REFUND',
    reference: refundId,
    createTimeMs: nowMs,
    entries: transfer({
      from: shopAccountId(sql, currency),
      to: payment.accountId,
      amountMinor,
    }),
  });
  return updatePayment(sql, {
    ...payment,
    state: amountMinor === leftMinor ? 'REFUNDED' : 'CAPTURED',
    refundedMinor: payment.refundedMinor + amountMinor,
  });
}
