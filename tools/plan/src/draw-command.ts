import { drawGraph, drawGraphSvg, graphOf } from '@trivium/plans';
import type { PlanArguments } from './arguments.ts';
import { noteUnchecked, printProblems } from './check-command.ts';
import type { KnownMethods } from './known-methods.ts';
import { readPlan } from './read-plan.ts';
import { shortPath, type Terminal } from './terminal.ts';

/** Draws what waits for what in a plan; 0, or 1 for a plan that is wrong. */
export async function drawCommand(
  { file, svg, json }: PlanArguments,
  known: KnownMethods,
  terminal: Terminal,
): Promise<number> {
  const plan = await readPlan(file, known);
  if (plan.refused) return printProblems(file, plan.refused.problems, terminal);
  noteUnchecked(plan, known, terminal);
  const graph = graphOf(plan.compiled);
  if (json) terminal.print(JSON.stringify(graph, null, 2));
  else for (const line of drawGraph(graph, { columns: terminal.columns })) terminal.print(line);
  if (svg !== undefined) await writeSvg(svg, drawGraphSvg(graph), terminal);
  return 0;
}

/** Writes a picture and says so. */
export async function writeSvg(file: string, picture: string, terminal: Terminal): Promise<void> {
  await terminal.writeFile(file, picture);
  terminal.note(`Wrote ${shortPath(file)}`);
}
