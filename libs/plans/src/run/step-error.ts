import {
  DependencyFailed,
  PlanDeadlineExceeded,
  SiblingFailed,
  Skipped,
  StepTimedOut,
  UndoFailed,
} from '@trivium/parallel';
import { Code, RpcError } from '@trivium/rpc';
import { CostExceeded } from '../cel/budget.ts';
import { ExpressionFailed } from '../cel/expression.ts';
import { TemplateFailed } from '../template/template.ts';

/** A list that has more elements than one step may call for. */
export class TooManyElements extends Error {
  override readonly name = 'TooManyElements';
}

/** The status that each reason leaves a plan with. */
const codes: readonly (readonly [abstract new (...args: never[]) => Error, Code])[] = [
  [StepTimedOut, Code.DEADLINE_EXCEEDED],
  [PlanDeadlineExceeded, Code.DEADLINE_EXCEEDED],
  [SiblingFailed, Code.CANCELLED],
  [DependencyFailed, Code.ABORTED],
  [Skipped, Code.FAILED_PRECONDITION],
  [TemplateFailed, Code.FAILED_PRECONDITION],
  [ExpressionFailed, Code.FAILED_PRECONDITION],
  [CostExceeded, Code.RESOURCE_EXHAUSTED],
  [TooManyElements, Code.RESOURCE_EXHAUSTED],
  [UndoFailed, Code.ABORTED],
];

/** Why a step has no result, as the `RpcError` that its caller is told. */
export function stepError(reason: unknown): RpcError {
  const found = codes.find(([type]) => reason instanceof type);
  if (!found) return RpcError.from(reason);
  const { message, cause } = reason as Error;
  const because = cause instanceof RpcError ? `: ${cause.message}` : '';
  return new RpcError(found[1], message + because, { cause: reason });
}
