import type { Status } from '@trivium/contracts/google/rpc/status';
import { DependencyFailed, PlanDeadlineExceeded, StepTimedOut } from '@trivium/parallel';
import { Code, RpcError, errorInfo, errorTable, preconditionFailure } from '@trivium/rpc';

/** Amounts of two currencies cannot be added up. */
export class MixedCurrencies extends Error {
  override readonly name = 'MixedCurrencies';

  constructor(one: string, other: string) {
    super(`Prices in ${one} and ${other} cannot be added up: order them separately.`);
  }
}

/** The status that each error of checkout leaves it with. */
export const errors = errorTable([
  [
    MixedCurrencies,
    ({ message }) =>
      new RpcError(Code.FAILED_PRECONDITION, message, {
        details: [
          errorInfo({ reason: 'MIXED_CURRENCIES', domain: 'checkout.shop' }),
          preconditionFailure([{ type: 'CURRENCY', subject: 'lines', description: message }]),
        ],
      }),
  ],
  [StepTimedOut, ({ message }) => new RpcError(Code.DEADLINE_EXCEEDED, message)],
  [PlanDeadlineExceeded, ({ message }) => new RpcError(Code.DEADLINE_EXCEEDED, message)],
  [DependencyFailed, ({ message }) => new RpcError(Code.ABORTED, message)],
]);

/** Why a part of a quote is missing, as the caller is told. */
export const reasonStatus = (reason: unknown): Status =>
  (errors(reason) ?? RpcError.from(reason)).toStatus();
