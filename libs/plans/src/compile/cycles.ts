/** What every step reads, by the ids of the steps. */
export type Reads = ReadonlyMap<string, readonly string[]>;

/** Each group of steps that wait for each other, as a path that ends where it began. */
export function findCycles(reads: Reads): string[][] {
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of reads.keys()) {
    if (state.has(start)) continue;
    // A stack of its own: a chain of steps may be as long as a plan.
    const path: { id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, 'open');
    while (path.length > 0) {
      const top = path.at(-1)!;
      const read = reads.get(top.id)?.[top.next++];
      if (read === undefined) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(read) === 'open') {
        const from = path.findIndex(({ id }) => id === read);
        cycles.push([...path.slice(from).map(({ id }) => id), read]);
      } else if (!state.has(read) && reads.has(read)) {
        state.set(read, 'open');
        path.push({ id: read, next: 0 });
      }
    }
  }
  return cycles;
}

/** All that a step waits for, directly or through others. */
export function ancestorsOf(id: string, reads: Reads): Set<string> {
  const found = new Set<string>();
  const open = [...(reads.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(reads.get(next) ?? []));
  }
  return found;
}
