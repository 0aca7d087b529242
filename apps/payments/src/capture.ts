import type { Sql } from '@trivium/sqlite';
import { holdsAccountId, shopAccountId } from './account.ts';
import { post, transfer } from './ledger.ts';
import type { Payment } from './payment.ts';
import { requirePayment, updatePayment } from './payment-table.ts';
import { WrongPaymentState } from './refusals.ts';

/**
 * Moves what a payment holds to the shop; one that was captured before returns as it is, refunded
 * or not. Throws `UnknownPayment`, or `WrongPaymentState` for one that was voided.
 */
export function capture(sql: Sql, paymentId: string, nowMs: number): Payment {
  const payment = requirePayment(sql, paymentId);
  const { state, accountId, amount } = payment;
  if (state === 'CAPTURED' || state === 'REFUNDED') return payment;
  if (state === 'VOIDED') throw new WrongPaymentState(payment);
  post(sql, {
    kind: 'CAPTURE',
    reference: paymentId,
    createTimeMs: nowMs,
    entries: transfer({
      from: holdsAccountId(accountId),
      to: shopAccountId(sql, amount.currency),
      amountMinor: amount.amountMinor,
    }),
  });
  return updatePayment(sql, { ...payment, state: 'CAPTURED' });
}
