import type { CompiledPlan, CompiledStep } from '../compile/compiled-plan.ts';

/** A plan as a picture shows it: its steps, and what reads what. */
export interface PlanGraph {
  readonly title: string;
  readonly description: string;
  readonly nodes: readonly GraphNode[];
}

/** A step in a picture. */
export interface GraphNode {
  readonly id: string;
  /** The method without its package: `Catalog/GetProduct`. */
  readonly method: string;
  /** What is special about it, such as `optional` or `each carrier`. */
  readonly notes: readonly string[];
  /** The steps that it reads. */
  readonly reads: readonly string[];
}

/** The picture of a plan, before it is drawn. */
export function graphOf({ plan, steps }: CompiledPlan): PlanGraph {
  return {
    title: plan.name || 'plan',
    description: plan.description,
    nodes: steps.map((step) => ({
      id: step.id,
      method: withoutPackage(step.method.name),
      notes: notesOf(step),
      reads: step.reads,
    })),
  };
}

/** `Catalog/GetProduct` of `shop.catalog.v1.Catalog/GetProduct`. */
export const withoutPackage = (method: string): string =>
  method.slice(method.lastIndexOf('.', method.indexOf('/')) + 1);

function notesOf({ forEach, optional, condition, undo, hedge, maxAttempts }: CompiledStep) {
  return [
    ...(forEach ? [`each ${forEach.as}`] : []),
    ...(condition ? ['if'] : []),
    ...(optional ? ['optional'] : []),
    ...(hedge ? ['hedge'] : []),
    ...(maxAttempts ? ['retry'] : []),
    ...(undo ? ['undo'] : []),
  ];
}
