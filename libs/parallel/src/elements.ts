import type { Node } from './graph.ts';
import { Limit } from './limit.ts';
import type { Outcome } from './outcome.ts';
import type { Context, EachStep, ElementOutcome } from './step.ts';
import type { Task } from './task.ts';
import type { StepRecord } from './trace.ts';

/** The elements of an `each` step that runs, and what has become of them. */
export class ElementGroup {
  readonly node: Node;
  readonly step: EachStep;
  readonly record: StepRecord;
  readonly tasks: Task[] = [];
  /** Bounds the elements in flight, if the step has a limit of its own. */
  readonly lane: readonly Limit[];
  readonly #outcomes: ElementOutcome<unknown, unknown>[] = [];
  #left = 0;

  constructor(node: Node, step: EachStep, record: StepRecord) {
    this.node = node;
    this.step = step;
    this.record = record;
    const { limit = Infinity } = step;
    this.lane = limit === Infinity ? [] : [new Limit(limit)];
  }

  get isEmpty(): boolean {
    return this.#left === 0;
  }

  /** Whether an element that fails fails alone. */
  get itemsAreOptional(): boolean {
    return this.step.optionalItems ?? true;
  }

  add(task: Task): void {
    this.tasks.push(task);
    this.#left++;
  }

  /** Keeps what has become of an element; says whether it was the last one. */
  ended({ element }: Task, outcome: Outcome<unknown>): boolean {
    const { item, key, index } = element!;
    this.#outcomes[index] = { key, item, outcome };
    return --this.#left === 0;
  }

  /** What the step reads, and its elements. */
  waitedFor(): readonly string[] {
    return [...this.record.waitedFor, ...this.tasks.map(({ record }) => record.id)];
  }

  /** What readers receive once all have ended. */
  value(): unknown {
    if (this.itemsAreOptional) return this.#outcomes;
    return this.#outcomes.map(({ outcome }) => (outcome.ok ? outcome.value : undefined));
  }
}

/**
 * The items of an `each` step, and the key of each. Throws what `items` and `key` throw, and
 * `RangeError` if two elements have the same key.
 */
export function itemsOf(
  step: EachStep,
  context: Context,
): { readonly items: readonly unknown[]; readonly keys: readonly string[] } {
  const items = Array.from(step.items(context));
  const keys = items.map((item) => step.key(item));
  const seen = new Set<string>();
  const repeated = keys.find((key) => seen.has(key) || !seen.add(key));
  if (repeated === undefined) return { items, keys };
  throw new RangeError(`Step "${step.name}" has two elements with the key "${repeated}"`);
}
