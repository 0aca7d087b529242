// For who runs plans.
export { loadPlan } from './load-plan.ts';
export { compilePlan, type CompileOptions } from './compile/compile-plan.ts';
export { findContractMethod } from './compile/plan-message.ts';
export type {
  CompiledForEach,
  CompiledMethod,
  CompiledPlan,
  CompiledStep,
  CompiledUndo,
} from './compile/compiled-plan.ts';
export { PlanRefused, problemLine, type PlanProblem } from './problem.ts';
export { runPlan, type PlanRun, type RunPlanOptions } from './run/run-plan.ts';
export type { PlanOutcome, RunEvent, StepOutcome, UndoOutcome } from './run/outcome.ts';
export type { StepValue } from './run/step-value.ts';
export { defaultLimits, type PlanLimits } from './limits.ts';

// For who draws plans and runs.
export { graphOf, type GraphNode, type PlanGraph } from './draw/plan-graph.ts';
export { drawGraph, type TextOptions } from './draw/graph-text.ts';
export { drawGraphSvg } from './draw/graph-svg.ts';
export { milliseconds, waterfallOf } from './draw/waterfall.ts';
export type { Waterfall, WaterfallRow } from './draw/waterfall.ts';
export { drawWaterfall, type WaterfallTextOptions } from './draw/waterfall-text.ts';
export { drawWaterfallSvg } from './draw/waterfall-svg.ts';
