import { InvalidPlan, checkReads, checkStep, refuse } from './check-step.ts';
import { Plan } from './plan.ts';
import { StepList, checkCount, MAX_STEPS } from './step-list.ts';
import type { Step, StepType } from './step.ts';

/** How a plan is made of steps that no compiler has seen. */
export interface DynamicPlanOptions {
  /** Steps at most. Default: 10,000. */
  readonly maxSteps?: number;
}

/**
 * A plan of steps whose names are known only when the program runs, in any order: for plans that are
 * data. Throws `InvalidPlan`, with the step at fault, for a name that is taken, reserved or unknown,
 * for a step that reads itself, for a cycle (with its path), for options out of range, and for too
 * many steps.
 */
export function dynamicPlan<Input = unknown>(
  steps: readonly Step[],
  { maxSteps = MAX_STEPS }: DynamicPlanOptions = {},
): Plan<Input, Record<string, StepType>> {
  checkCount(steps.length, maxSteps);
  const byName = new Map<string, Step>();
  for (const step of steps) {
    checkStep(step);
    if (byName.has(step.name)) refuse(step.name, 'is in the plan twice');
    byName.set(step.name, { ...step, reads: [...new Set(step.reads)] });
  }
  const readable = {
    has: (name: string) => byName.has(name),
    role: 'known',
    names: () => byName.keys(),
  };
  for (const step of byName.values()) checkReads(step, readable);
  const ordered = inOrder(byName);
  const places = new Map(ordered.map(({ name }, place) => [name, place]));
  return new Plan(new StepList(ordered, places));
}

/** Each step after all that it reads; otherwise in the order given (A. B. Kahn, 1962). */
function inOrder(byName: ReadonlyMap<string, Step>): Step[] {
  const unmet = new Map<string, number>();
  const readers = new Map<string, Step[]>();
  const ordered: Step[] = [];
  for (const step of byName.values()) {
    unmet.set(step.name, step.reads!.length);
    if (step.reads!.length === 0) ordered.push(step);
    for (const read of step.reads!) {
      const known = readers.get(read);
      if (known) known.push(step);
      else readers.set(read, [step]);
    }
  }
  for (const { name } of ordered) {
    for (const reader of readers.get(name) ?? []) {
      const left = unmet.get(reader.name)! - 1;
      unmet.set(reader.name, left);
      if (left === 0) ordered.push(reader);
    }
  }
  if (ordered.length < byName.size) refuseCycle(byName, unmet);
  return ordered;
}

function refuseCycle(byName: ReadonlyMap<string, Step>, unmet: ReadonlyMap<string, number>): never {
  // Whoever is left waits for someone who is left: going back from anyone ends in a cycle.
  const waitsFor = ({ reads }: Step): string => reads!.find((read) => unmet.get(read)! > 0)!;
  const seen = new Map<string, number>();
  const path: string[] = [];
  let step = [...byName.values()].find(({ name }) => unmet.get(name)! > 0)!;
  while (!seen.has(step.name)) {
    seen.set(step.name, path.length);
    path.push(step.name);
    step = byName.get(waitsFor(step))!;
  }
  const cycle = [...path.slice(seen.get(step.name)), step.name];
  throw new InvalidPlan(
    `Steps read each other in a cycle: ${cycle.map((name) => JSON.stringify(name)).join(' reads ')}`,
    step.name,
  );
}
