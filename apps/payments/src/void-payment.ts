import type { Sql } from '@trivium/sqlite';
import { holdsAccountId } from './account.ts';
import { post, transfer } from './ledger.ts';
import type { Payment } from './payment.ts';
import { requirePayment, updatePayment } from './payment-table.ts';
import { WrongPaymentState } from './refusals.ts';

/**
 * Moves what a payment holds back to the customer; one that was voided before returns as it is.
 * Throws `UnknownPayment`, or `WrongPaymentState` for one that was captured.
 */
export function voidPayment(sql: Sql, paymentId: string, nowMs: number): Payment {
  const payment = requirePayment(sql, paymentId);
  const { state, accountId, amount } = payment;
  if (state === 'VOIDED') return payment;
  if (state !== 'AUTHORIZED') throw new WrongPaymentState(payment);
  post(sql, {
    kind: 'VOID',
    reference: paymentId,
    createTimeMs: nowMs,
    entries: transfer({
      from: holdsAccountId(accountId),
      to: accountId,
      amountMinor: amount.amountMinor,
    }),
  });
  return updatePayment(sql, { ...payment, state: 'VOIDED' });
}
