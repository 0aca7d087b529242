export { plan, type Plan } from './plan.ts';
export {
  run,
  type PlanResult,
  type PlanRun,
  type PlanValues,
  type RunMode,
  type RunOptions,
} from './run.ts';
export {
  DependencyFailed,
  PlanDeadlineExceeded,
  SiblingFailed,
  Skipped,
  StepTimedOut,
  UndoFailed,
  type Outcome,
} from './outcome.ts';
export { InvalidPlan } from './check-step.ts';
export { createLimits, type Limits, type LimitsOptions } from './limits.ts';
export { criticalPath } from './critical-path.ts';
export { slack } from './slack.ts';
export type { Clock } from './clock.ts';
export type { StepEvent, StepTrace } from './trace.ts';
export type { HedgeOptions } from './hedge-options.ts';
export type { RetryOptions } from './retry-options.ts';
export type { UndoOptions, UndoReport } from './undo.ts';
export type {
  CallContext,
  CallOptions,
  Condition,
  EachOptions,
  ElementOutcome,
  StepContext,
  StepOptions,
  StepReads,
  StepType,
  StepTypes,
  UndoContext,
} from './step.ts';

// For plans that are data, and for runs that outlive a process.
export { dynamicPlan, type DynamicPlanOptions } from './dynamic-plan.ts';
export type { CallStep, Context, EachStep, Step } from './step.ts';
export type { Perform, PerformTask } from './perform.ts';
