import { problemLine } from '@trivium/plans';
import type { PlanArguments } from './arguments.ts';
import type { KnownMethods } from './known-methods.ts';
import { readPlan, type ReadPlan } from './read-plan.ts';
import { shortPath, type Terminal } from './terminal.ts';

/** Tells everything that is wrong with a plan; 0 if nothing is, else 1. */
export async function checkCommand(
  { file, json }: PlanArguments,
  known: KnownMethods,
  terminal: Terminal,
): Promise<number> {
  const plan = await readPlan(file, known);
  const problems = plan.refused?.problems ?? [];
  if (json) {
    terminal.print(JSON.stringify({ problems, unchecked: uncheckedSteps(plan) }, null, 2));
    return problems.length > 0 ? 1 : 0;
  }
  if (plan.refused) return printProblems(file, plan.refused.problems, terminal);
  noteUnchecked(plan, known, terminal);
  const { steps } = plan.compiled;
  terminal.print(
    `${shortPath(file)}: ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}, nothing wrong`,
  );
  return 0;
}

/** Prints problems as compilers do, `file:line:column`, so that editors find the places. */
export function printProblems(
  file: string,
  problems: readonly Parameters<typeof problemLine>[0][],
  terminal: Terminal,
): number {
  for (const problem of problems) {
    const { line, column, ...rest } = problem;
    const place =
      line === undefined ? shortPath(file) : `${shortPath(file)}:${line}:${column ?? 1}`;
    terminal.print(`${place} ${problemLine(rest)}`);
  }
  terminal.note(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
  return 1;
}

/** Says which steps could not be checked against their methods, and why. */
export function noteUnchecked(plan: ReadPlan, { silent }: KnownMethods, terminal: Terminal): void {
  const unchecked = uncheckedSteps(plan);
  if (unchecked.length === 0) return;
  terminal.note(
    `Not checked: methods and requests of ${unchecked.join(', ')}. Not reached: ${silent.join(', ')}`,
  );
}

function uncheckedSteps({ compiled }: ReadPlan): string[] {
  return (compiled?.steps ?? [])
    .filter(({ method, undo }) => !method.registered || (undo && !undo.method.registered))
    .map(({ id }) => id);
}
