import { formatMoney } from './money.ts';
import type { Money } from './money.ts';
import type { Payment } from './payment.ts';

/** No account has this id. */
export class UnknownAccount extends Error {
  override readonly name = 'UnknownAccount';
  readonly accountId: string;

  constructor(accountId: string) {
    super(`There is no account ${JSON.stringify(accountId)}`);
    this.accountId = accountId;
  }
}

/** The account is not a customer's, and only customers pay. */
export class NotACustomer extends Error {
  override readonly name = 'NotACustomer';
  readonly accountId: string;

  constructor(accountId: string) {
    super(`is the shop's own and cannot pay; name a customer's account`);
    this.accountId = accountId;
  }
}

/** The amount is in another currency than what it is taken from. */
export class CurrencyMismatch extends Error {
  override readonly name = 'CurrencyMismatch';
  readonly expected: string;
  readonly given: string;

  constructor({ expected, given }: { expected: string; given: string }) {
    super(`has to be ${expected}, not ${given}`);
    this.expected = expected;
    this.given = given;
  }
}

/** The account has less than the payment asks for; nothing was set aside. */
export class InsufficientFunds extends Error {
  override readonly name = 'InsufficientFunds';
  readonly accountId: string;
  readonly wanted: Money;
  readonly available: Money;

  constructor(refused: { accountId: string; wanted: Money; available: Money }) {
    const { accountId, wanted, available } = refused;
    super(
      `The account ${JSON.stringify(accountId)} has ${formatMoney(available)} available, ` +
        `and the payment asks for ${formatMoney(wanted)}`,
    );
    this.accountId = accountId;
    this.wanted = wanted;
    this.available = available;
  }
}

/** No payment was authorized under this id. */
export class UnknownPayment extends Error {
  override readonly name = 'UnknownPayment';
  readonly paymentId: string;

  constructor(paymentId: string) {
    super(`There is no payment ${JSON.stringify(paymentId)}`);
    this.paymentId = paymentId;
  }
}

/** A payment was authorized under this id with another account or amount; it stays as it is. */
export class PaymentIdReused extends Error {
  override readonly name = 'PaymentIdReused';
  readonly paymentId: string;

  constructor(paymentId: string) {
    super(
      `The payment ${JSON.stringify(paymentId)} exists with another account or amount; ` +
        'repeat the request as it was, or choose a new payment_id',
    );
    this.paymentId = paymentId;
  }
}

/** A refund was made under this id of another payment or amount; nothing more was given back. */
export class RefundIdReused extends Error {
  override readonly name = 'RefundIdReused';
  readonly refundId: string;

  constructor(refundId: string) {
    super(
      `The refund ${JSON.stringify(refundId)} exists with another payment or amount; ` +
        'repeat the request as it was, or choose a new refund_id',
    );
    this.refundId = refundId;
  }
}

/** A payment is not in a state in which what was asked for is possible. */
export class WrongPaymentState extends Error {
  override readonly name = 'WrongPaymentState';
  readonly payment: Payment;

  constructor(payment: Payment) {
    super(
      `The payment ${JSON.stringify(payment.paymentId)} is ${payment.state}; ` +
        remedies[payment.state],
    );
    this.payment = payment;
  }
}

const remedies: Record<Payment['state'], string> = {
  AUTHORIZED: 'capture it before it is refunded, or void it instead',
  CAPTURED: 'its money was taken; refund it instead',
  VOIDED: 'its money was given back; authorize a new payment',
  REFUNDED: 'its money was taken and given back',
};

/** A refund is more than what is left of its payment; nothing was given back. */
export class RefundTooLarge extends Error {
  override readonly name = 'RefundTooLarge';
  readonly paymentId: string;
  readonly wanted: Money;
  readonly left: Money;

  constructor(refused: { paymentId: string; wanted: Money; left: Money }) {
    const { paymentId, wanted, left } = refused;
    super(
      `Of the payment ${JSON.stringify(paymentId)} ${formatMoney(left)} is left, ` +
        `and the refund asks for ${formatMoney(wanted)}`,
    );
    this.paymentId = paymentId;
    this.wanted = wanted;
    this.left = left;
  }
}
