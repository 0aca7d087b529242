import type { Money } from './money.ts';

/**
 * A payment from an account to the shop.
 *
 *     AUTHORIZED ── capture ──▶ CAPTURED ── refunds add up to the amount ──▶ REFUNDED
 *     AUTHORIZED ── void ──▶ VOIDED
 */
export interface Payment {
  readonly paymentId: string;
  readonly accountId: string;
  readonly state: 'AUTHORIZED' | 'CAPTURED' | 'VOIDED' | 'REFUNDED';
  /** What was authorized. */
  readonly amount: Money;
  /** What was given back after the capture, in the currency of `amount`. */
  readonly refundedMinor: bigint;
  /** In epoch milliseconds. */
  readonly createTimeMs: number;
}
