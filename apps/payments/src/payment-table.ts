import type { Sql } from '@trivium/sqlite';
import type { Payment } from './payment.ts';
import { UnknownPayment } from './refusals.ts';

interface PaymentRow {
  paymentId: string;
  accountId: string;
  currency: string;
  amountMinor: number;
  refundedMinor: number;
  state: Payment['state'];
  createTimeMs: number;
}

/** The payment with this id, as it is now. */
export function findPayment(sql: Sql, paymentId: string): Payment | undefined {
  const row = sql.get<PaymentRow>(
    `SELECT payment_id AS paymentId, account_id AS accountId, currency, amount_minor AS amountMinor,
       refunded_minor AS refundedMinor, state, create_time_ms AS createTimeMs
     FROM payment WHERE payment_id = ?`,
    paymentId,
  );
  if (!row) return undefined;
  const { accountId, currency, amountMinor, refundedMinor, state, createTimeMs } = row;
  return {
    paymentId,
    accountId,
    state,
    amount: { amountMinor: BigInt(amountMinor), currency },
    refundedMinor: BigInt(refundedMinor),
    createTimeMs,
  };
}

/** The payment with this id, as it is now. Throws {@link UnknownPayment}. */
export function requirePayment(sql: Sql, paymentId: string): Payment {
  const payment = findPayment(sql, paymentId);
  if (!payment) throw new UnknownPayment(paymentId);
  return payment;
}

/** Writes a new payment. */
export function insertPayment(sql: Sql, payment: Payment): void {
  const { paymentId, accountId, state, amount, refundedMinor, createTimeMs } = payment;
  sql.run(
    `INSERT INTO payment (payment_id, account_id, currency, amount_minor, refunded_minor, state,
       create_time_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    paymentId,
    accountId,
    amount.currency,
    amount.amountMinor,
    refundedMinor,
    state,
    createTimeMs,
  );
}

/** Writes what of a payment can change, its state and what was given back, and returns it. */
export function updatePayment(sql: Sql, payment: Payment): Payment {
  sql.run(
    'UPDATE payment SET state = ?, refunded_minor = ? WHERE payment_id = ?',
    payment.state,
    payment.refundedMinor,
    payment.paymentId,
  );
  return payment;
}
