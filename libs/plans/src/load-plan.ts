import { check, type CompileOptions } from './compile/compile-plan.ts';
import type { CompiledPlan } from './compile/compiled-plan.ts';
import { planFromJson } from './compile/plan-message.ts';
import { defaultLimits } from './limits.ts';
import { PlanRefused, ProblemList, untilEnough, type PlanProblem } from './problem.ts';
import { parseText } from './text/parse-text.ts';

/**
 * Reads a plan from YAML or JSON, checks it and prepares it to be run. Throws `PlanRefused` with
 * everything that is wrong with it, each with its line and column. Calls nothing.
 */
export function loadPlan(text: string, options: CompileOptions): CompiledPlan {
  const maxTextBytes = options.limits?.maxTextBytes ?? defaultLimits.maxTextBytes;
  const { value, placeOf } = parseText(text, maxTextBytes);
  const problems = new ProblemList();
  const compiled = untilEnough(() => {
    const plan = planFromJson(value, (path, problem) => problems.add(path, problem));
    return plan && check(plan, options, problems);
  });
  if (problems.all.length > 0 || !compiled) {
    const placed = problems.all.map((problem): PlanProblem => ({
      ...problem,
      ...placeOf(problem.path),
    }));
    const order = ({ line = 0, column = 0 }: PlanProblem): number => line * 1e6 + column;
    throw new PlanRefused(placed.sort((a, b) => order(a) - order(b)));
  }
  return compiled;
}
