import type { Sql } from '@trivium/sqlite';
import type { Money } from './money.ts';

/** Some of a payment that was given back. */
export interface Refund {
  readonly refundId: string;
  readonly paymentId: string;
  /** In the payment's currency. */
  readonly amount: Money;
}

/** The refund with this id. */
export function findRefund(sql: Sql, refundId: string): Refund | undefined {
  const row = sql.get<{ paymentId: string; amountMinor: number; currency: string }>(
    `SELECT payment_id AS paymentId, r.amount_minor AS amountMinor, currency
     FROM refund AS r JOIN payment USING (payment_id) WHERE refund_id = ?`,
    refundId,
  );
  if (!row) return undefined;
  const { paymentId, amountMinor, currency } = row;
  return { refundId, paymentId, amount: { amountMinor: BigInt(amountMinor), currency } };
}

/** Writes a new refund. */
export function insertRefund(sql: Sql, { refundId, paymentId, amount }: Refund): void {
  sql.run('INSERT INTO refund VALUES (?, ?, ?)', refundId, paymentId, amount.amountMinor);
}
