import type { Outcome } from './outcome.ts';
import type { Context, EachStep, ElementOutcome } from './step.ts';
import type { Lane, TaskPool } from './task-pool.ts';

/** What became of the elements of an `each` step when all of them have ended. */
export interface ElementsEnd {
  readonly value: readonly ElementOutcome<unknown, unknown>[];
  /** The elements' ids in the trace. */
  readonly ids: readonly string[];
  /** The outcome of the element that ended last. */
  readonly last?: Outcome<unknown>;
}

/** What it takes to call once per element. */
export interface SubmitElementsOptions {
  readonly step: EachStep;
  readonly pool: TaskPool;
  /** What the step reads, with the signal of one call if there is one. */
  readonly context: (signal?: AbortSignal) => Context;
  /** Told once; at once if the list is empty. */
  readonly onEnd: (end: ElementsEnd) => void;
}

/**
 * Makes the list of an `each` step and submits one task per element. Throws what `items` and `key`
 * throw, and `RangeError` if two elements have the same key: then nothing has been submitted.
 */
export function submitElements({ step, pool, context, onEnd }: SubmitElementsOptions): void {
  const { name, reads: waitedFor, timeoutMs, limit } = step;
  const items = Array.from(step.items(context()));
  const keys = items.map((item) => step.key(item));
  const repeated = repeatedIn(keys);
  if (repeated !== undefined) {
    throw new RangeError(`Step "${name}" has two elements with the key "${repeated}"`);
  }
  const ids = keys.map((key) => `${name}[${key}]`);
  const value: ElementOutcome<unknown, unknown>[] = [];
  const lane: Lane = { free: limit, waiting: [] };
  let left = items.length;
  if (left === 0) onEnd({ value, ids });
  items.forEach((item, index) => {
    pool.submit({
      ...{ id: ids[index]!, waitedFor, timeoutMs, lane },
      call: (signal) => step.call(item, context(signal)),
      onEnd: (outcome) => {
        value[index] = { key: keys[index]!, item, outcome };
        if (--left === 0) onEnd({ value, ids, last: outcome });
      },
    });
  });
}

function repeatedIn(keys: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return keys.find((key) => seen.has(key) || !seen.add(key));
}
