import { PaymentState } from '@trivium/contracts/shop/payments/v1/payments';
import type {
  DeepPartial,
  Payment as PaymentMessage,
  PaymentsDefinition,
} from '@trivium/contracts/shop/payments/v1/payments';
import type { Handlers } from '@trivium/rpc';
import type { Payment } from './payment.ts';
import type { Payments } from './payments.ts';

/** Translates between the contract `shop.payments.v1.Payments` and the payments. */
export function createHandlers(payments: Payments): Handlers<PaymentsDefinition> {
  return {
    // The contract's rules make the amounts present.
    authorize: async ({ paymentId, accountId, amount }) => ({
      payment: messageOf(await payments.authorize({ paymentId, accountId, amount: amount! })),
    }),

    capture: async ({ paymentId }) => ({ payment: messageOf(await payments.capture(paymentId)) }),

    void: async ({ paymentId }) => ({ payment: messageOf(await payments.void(paymentId)) }),

    refund: async ({ paymentId, refundId, amount }) => ({
      payment: messageOf(await payments.refund({ paymentId, refundId, amount: amount! })),
    }),

    getPayment: async ({ paymentId }) => ({ payment: messageOf(payments.payment(paymentId)) }),

    getBalance: async ({ accountId }) => payments.balance(accountId),
  };
}

const states: Record<Payment['state'], PaymentState> = {
  AUTHORIZED: PaymentState.PAYMENT_STATE_AUTHORIZED,
  CAPTURED: PaymentState.PAYMENT_STATE_CAPTURED,
  VOIDED: PaymentState.PAYMENT_STATE_VOIDED,
  REFUNDED: PaymentState.PAYMENT_STATE_REFUNDED,
};

function messageOf(payment: Payment): DeepPartial<PaymentMessage> {
  const { paymentId, accountId, state, amount, refundedMinor, createTimeMs } = payment;
  return {
    paymentId,
    accountId,
    state: states[state],
    amount,
    refunded: { amountMinor: refundedMinor, currency: amount.currency },
    createTime: new Date(createTimeMs),
  };
}
