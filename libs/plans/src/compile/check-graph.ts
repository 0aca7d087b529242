import type { CompiledStep } from './compiled-plan.ts';
import { ancestorsOf, findCycles } from './cycles.ts';

/** Reports steps that read themselves or each other in a circle, and undos that read what may not be there. */
export function checkGraph(
  steps: readonly CompiledStep[],
  report: (path: string, problem: string) => void,
): void {
  const places = new Map(steps.map(({ id }, index) => [id, `steps[${index}]`]));
  const reads = new Map<string, readonly string[]>();
  for (const [index, { id, reads: all }] of steps.entries()) {
    if (all.includes(id)) {
      report(
        `steps[${index}]`,
        `${id} reads its own result, which is there only when it has ended`,
      );
    }
    reads.set(
      id,
      all.filter((read) => read !== id),
    );
  }
  for (const cycle of findCycles(reads)) {
    const path = cycle.join(' reads ');
    report(places.get(cycle[0]!) ?? '', `a circle in which each step waits for the next: ${path}`);
  }
  for (const [index, { id, undo, forEach }] of steps.entries()) {
    if (!undo) continue;
    const before = ancestorsOf(id, reads);
    const allowed = new Set(['input', id, ...(forEach ? [forEach.as] : []), ...before]);
    const late = [...undo.request.used].filter((name) => !allowed.has(name));
    if (late.length === 0) continue;
    const known = [...before].join(', ') || 'no other step';
    report(
      `steps[${index}].undo.request`,
      `reads ${late.join(', ')}, which may not be there when ${id} is undone; an undo can read ${id}, input and what ${id} waited for (${known})`,
    );
  }
}
