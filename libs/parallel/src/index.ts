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
  StepTimedOut,
  type Outcome,
} from './outcome.ts';
export { InvalidPlan } from './check-step.ts';
export { criticalPath } from './critical-path.ts';
export type { Clock, StepEvent, StepTrace } from './trace.ts';
export type {
  EachOptions,
  ElementOutcome,
  Step,
  StepContext,
  StepOptions,
  StepReads,
  StepType,
  StepTypes,
} from './step.ts';
