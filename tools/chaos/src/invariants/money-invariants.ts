import { completedOrders } from './completed-orders.ts';
import type { Invariant } from './invariant.ts';

const balanced: Invariant = {
  name: 'every ledger transaction sums to zero, and every balance is the sum of its entries',
  violations: ({ books }) => [
    ...books.unbalanced.map(({ reference, sumMinor }) => `${reference}: sums to ${sumMinor}`),
    ...books.wrongBalances.map((accountId) => `${accountId}: not the sum of its entries`),
  ],
};

const captured: Invariant = {
  name: 'captures are the totals of completed orders, and nothing else stays taken or set aside',
  violations: (evidence) => {
    const { books } = evidence;
    const payments = new Map(books.payments.map((payment) => [payment.paymentId, payment]));
    const completed = completedOrders(evidence);
    const paying = new Set(completed.map(({ orderId }) => orderId));
    return [
      ...completed.flatMap(({ orderId, total }) => {
        const payment = payments.get(orderId);
        const due = total?.amountMinor ?? 0n;
        const isRight = payment?.state === 'CAPTURED' && payment.amountMinor === due;
        const found = payment ? `${payment.state} with ${payment.amountMinor}` : 'missing';
        return isRight ? [] : [`${orderId}: its payment is ${found}, and ${due} were due`];
      }),
      ...books.payments
        .filter(({ paymentId, state }) => !paying.has(paymentId) && state !== 'VOIDED')
        .map(({ paymentId, state }) => `${paymentId}: ${state}, and its order is not completed`),
      ...(books.heldMinor === 0n ? [] : [`${books.heldMinor} are still set aside`]),
    ];
  },
};

/** What holds for the money. */
export const moneyInvariants: readonly Invariant[] = [balanced, captured];
