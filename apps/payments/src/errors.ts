import {
  badRequest,
  Code,
  errorInfo,
  errorTable,
  preconditionFailure,
  resourceInfo,
  RpcError,
} from '@trivium/rpc';
import { DatabaseUnavailable } from '@trivium/sqlite';
import {
  CurrencyMismatch,
  InsufficientFunds,
  NotACustomer,
  PaymentIdReused,
  RefundIdReused,
  RefundTooLarge,
  UnknownAccount,
  UnknownPayment,
  WrongPaymentState,
} from './refusals.ts';

const domain = 'shop.payments.v1';
const paymentType = 'shop.payments.v1.Payment';

/** How what the payments refuse leaves the service. */
export const errors = errorTable([
  [
    UnknownAccount,
    ({ message, accountId }: UnknownAccount) =>
      ofResource({
        code: Code.NOT_FOUND,
        message,
        reason: 'UNKNOWN_ACCOUNT',
        resource: ['account', accountId],
      }),
  ],
  [
    UnknownPayment,
    ({ message, paymentId }: UnknownPayment) =>
      ofResource({
        code: Code.NOT_FOUND,
        message,
        reason: 'UNKNOWN_PAYMENT',
        resource: [paymentType, paymentId],
      }),
  ],
  [
    PaymentIdReused,
    ({ message, paymentId }: PaymentIdReused) =>
      ofResource({
        code: Code.ALREADY_EXISTS,
        message,
        reason: 'PAYMENT_ID_REUSED',
        resource: [paymentType, paymentId],
      }),
  ],
  [
    RefundIdReused,
    ({ message, refundId }: RefundIdReused) =>
      ofResource({
        code: Code.ALREADY_EXISTS,
        message,
        reason: 'REFUND_ID_REUSED',
        resource: ['refund', refundId],
      }),
  ],
  [
    NotACustomer,
    ({ message }: NotACustomer) =>
      ofField({ field: 'account_id', message, reason: 'NOT_A_CUSTOMER' }),
  ],
  [
    CurrencyMismatch,
    ({ message }: CurrencyMismatch) =>
      ofField({ field: 'amount.currency', message, reason: 'CURRENCY_MISMATCH' }),
  ],
  [
    InsufficientFunds,
    ({ message, accountId, wanted, available }: InsufficientFunds) =>
      ofState({
        message,
        reason: 'INSUFFICIENT_FUNDS',
        violation: { type: 'FUNDS', subject: accountId },
        metadata: {
          wantedMinor: String(wanted.amountMinor),
          availableMinor: String(available.amountMinor),
          currency: available.currency,
        },
      }),
  ],
  [
    WrongPaymentState,
    ({ message, payment: { paymentId, state } }: WrongPaymentState) =>
      ofState({
        message,
        reason: `PAYMENT_${state}`,
        violation: { type: 'PAYMENT_STATE', subject: paymentId },
      }),
  ],
  [
    RefundTooLarge,
    ({ message, paymentId, wanted, left }: RefundTooLarge) =>
      ofState({
        message,
        reason: 'REFUND_TOO_LARGE',
        violation: { type: 'REFUNDABLE_AMOUNT', subject: paymentId },
        metadata: {
          wantedMinor: String(wanted.amountMinor),
          leftMinor: String(left.amountMinor),
          currency: left.currency,
        },
      }),
  ],
  [
    DatabaseUnavailable,
    (cause: DatabaseUnavailable) =>
      new RpcError(Code.UNAVAILABLE, 'The payments cannot use their database now', { cause }),
  ],
]);

/** A resource that is not there, or is there already. */
function ofResource(options: {
  code: Code;
  message: string;
  reason: string;
  resource: readonly [type: string, name: string];
}): RpcError {
  const [resourceType, resourceName] = options.resource;
  return new RpcError(options.code, options.message, {
    details: [
      errorInfo({ reason: options.reason, domain }),
      resourceInfo({ resourceType, resourceName, description: options.message }),
    ],
  });
}

/** A field that could never be right for the account or payment that it is about. */
function ofField(options: { field: string; message: string; reason: string }): RpcError {
  const { field, message: description } = options;
  return new RpcError(Code.INVALID_ARGUMENT, `${field} ${description}`, {
    details: [errorInfo({ reason: options.reason, domain }), badRequest([{ field, description }])],
  });
}

/** Something that is not possible as things are now. */
function ofState(options: {
  message: string;
  reason: string;
  violation: { type: string; subject: string };
  metadata?: Record<string, string>;
}): RpcError {
  const { message, reason, violation, metadata } = options;
  return new RpcError(Code.FAILED_PRECONDITION, message, {
    details: [
      errorInfo({ reason, domain, metadata }),
      preconditionFailure([{ ...violation, description: message }]),
    ],
  });
}
