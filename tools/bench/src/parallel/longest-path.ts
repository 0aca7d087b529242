import type { GraphStep } from './graphs.ts';

/** The longest path of a graph, of what each of its calls took. */
export function longestPathMs(
  steps: readonly GraphStep[],
  tookMs: ReadonlyMap<string, number>,
): number {
  const endMs = new Map<string, number>();
  for (const { id, reads } of steps) {
    const startMs = Math.max(0, ...reads.map((read) => endMs.get(read) ?? 0));
    endMs.set(id, startMs + (tookMs.get(id) ?? 0));
  }
  return Math.max(0, ...endMs.values());
}
