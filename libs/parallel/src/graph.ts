import type { Outcome } from './outcome.ts';
import type { Step } from './step.ts';

/** A step of a running plan, and its place among the others. */
export interface Node {
  readonly step: Step;
  readonly readers: Node[];
  /** The in-degree: how many of the steps that it reads have not ended. */
  unmet: number;
  outcome?: Outcome<unknown>;
}

/** The graph of a plan, in the plan's order: a step comes after all that it reads. */
export function createGraph(steps: readonly Step[]): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const step of steps) {
    const node: Node = { step, readers: [], unmet: step.reads.length };
    for (const name of step.reads) nodes.get(name)!.readers.push(node);
    nodes.set(step.name, node);
  }
  return nodes;
}

/** Whether a step ended without the value that its readers, and the plan, require of it. */
export function isMissing({ step, outcome }: Node): boolean {
  return outcome?.ok === false && !step.optional;
}

/** The result of an ended step as its readers receive it. */
export function arrivingFrom({ step, outcome }: Node): unknown {
  return !step.optional && outcome?.ok ? outcome.value : outcome;
}
