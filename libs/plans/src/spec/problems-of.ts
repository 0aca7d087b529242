import { loadPlan } from '../load-plan.ts';
import type { CompileOptions } from '../compile/compile-plan.ts';
import { PlanRefused, problemLine } from '../problem.ts';
import { servedMethod, shopMethods } from './shop-methods.ts';

/** What is wrong with a plan's text, one line each, as a person reads it; empty when nothing is. */
export function problemsOf(text: string, options: Partial<CompileOptions> = {}): string[] {
  try {
    loadPlan(text, { methods: shopMethods, served: servedMethod, ...options });
    return [];
  } catch (error) {
    if (error instanceof PlanRefused) return error.problems.map(problemLine);
    throw error;
  }
}

/** A plan of steps, each a line of flow YAML. */
export const stepsOf = (...steps: string[]): string =>
  ['steps:', ...steps.map((step) => `  - ${step}`)].join('\n');
