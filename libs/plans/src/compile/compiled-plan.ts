import type { DescMethod } from '@bufbuild/protobuf';
import type { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import type { RegisteredMethod } from '@trivium/registry';
import type { Expression, ExpressionCompiler } from '../cel/expression.ts';
import type { PlanLimits } from '../limits.ts';
import type { Template } from '../template/template.ts';

/** A plan that has been checked, and can be run any number of times. */
export interface CompiledPlan {
  readonly plan: Plan;
  /** The steps, in the order of the plan. */
  readonly steps: readonly CompiledStep[];
  /** The steps by their ids. */
  readonly stepOf: ReadonlyMap<string, CompiledStep>;
  /** What the plan answers; undefined for an object of all results. */
  readonly result: Template | undefined;
  /** The method that it serves, if it serves one. */
  readonly servedMethod: DescMethod | undefined;
  readonly limits: PlanLimits;
  readonly compiler: ExpressionCompiler;
}

/** A step that has been checked. */
export interface CompiledStep {
  readonly id: string;
  readonly method: CompiledMethod;
  readonly request: Template;
  /** The steps whose results it reads: its dependencies. */
  readonly reads: readonly string[];
  readonly optional: boolean;
  readonly condition: Expression | undefined;
  readonly timeoutMs: number | undefined;
  /** Calls at most, the first one included. */
  readonly maxAttempts: number | undefined;
  readonly hedge: { readonly delayMs: number | 'p95' } | undefined;
  readonly forEach: CompiledForEach | undefined;
  readonly undo: CompiledUndo | undefined;
}

/** A method of a plan; `registered` is undefined where methods were not checked. */
export interface CompiledMethod {
  readonly name: string;
  readonly registered: RegisteredMethod | undefined;
}

/** One call for each element of a list. */
export interface CompiledForEach {
  readonly items: Expression;
  readonly as: string;
  readonly maxInFlight: number | undefined;
  readonly optionalItems: boolean;
}

/** The call that undoes a step. */
export interface CompiledUndo {
  readonly method: CompiledMethod;
  readonly request: Template;
  /** Whether it reads what the step returned, so that it can undo only what is known to be done. */
  readonly readsOwnResult: boolean;
}
