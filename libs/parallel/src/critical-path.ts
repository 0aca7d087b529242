import type { StepTrace } from './trace.ts';

/**
 * The chain of steps that determined when the plan ended, from its first step to its last: from
 * the step that ended last back through whatever it waited for longest. Skipped steps took no
 * time and are left out. Shortening a step that is not on the path does not shorten the plan
 * (J. E. Kelley and M. R. Walker, "Critical-Path Planning and Scheduling", 1959).
 */
export function criticalPath(trace: readonly StepTrace[]): string[] {
  const byId = new Map(trace.map((step) => [step.id, step]));
  const ran = trace.filter((step) => step.state !== 'skipped');
  const waitedForBySome = new Set(ran.flatMap((step) => step.waitedFor));
  const path: string[] = [];
  // Steps may end in the same instant as what they waited for: only one that nobody waited for is last.
  let current = latest(ran.filter((step) => !waitedForBySome.has(step.id)));
  while (current) {
    // A step that was skipped for a failure has handed the failure's time on.
    if (current.state !== 'skipped') path.push(current.id);
    current = latest(current.waitedFor.flatMap((id) => byId.get(id) ?? []));
  }
  return path.reverse();
}

function latest(steps: readonly StepTrace[]): StepTrace | undefined {
  let last: StepTrace | undefined;
  for (const step of steps) if (!last || step.endMs >= last.endMs) last = step;
  return last;
}
