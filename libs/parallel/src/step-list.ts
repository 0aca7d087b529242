import { InvalidPlan, checkReads, checkStep, refuse } from './check-step.ts';
import type { Step } from './step.ts';

/** As many steps as a plan may have, unless it says otherwise: more is likelier a mistake than a plan. */
export const MAX_STEPS = 10_000;

/**
 * Steps in an order in which each comes after all that it reads. Adding one gives a new list; lists
 * that grew from each other share their beginning, so that a plan of n steps takes n additions and
 * not n copies.
 */
export class StepList {
  readonly #shared: Step[];
  readonly #places: Map<string, number>;
  readonly length: number;

  constructor(shared: Step[] = [], places = new Map<string, number>(), length = shared.length) {
    this.#shared = shared;
    this.#places = places;
    this.length = length;
  }

  has(name: string): boolean {
    return (this.#places.get(name) ?? Infinity) < this.length;
  }

  toArray(): Step[] {
    return this.#shared.slice(0, this.length);
  }

  /** The list with one more step. Throws `InvalidPlan` if it cannot follow. */
  with(step: Step): StepList {
    checkStep(step);
    const { name } = step;
    if (this.has(name)) refuse(name, 'is in the plan already');
    const names = (): string[] => this.toArray().map((other) => other.name);
    checkReads(step, { has: (read) => this.has(read), role: 'earlier', names });
    checkCount(this.length + 1);
    // Whoever grew from here first has taken the place behind: the second needs a copy.
    const grown = this.#shared.length > this.length ? copyOf(this.toArray()) : this.#whole();
    grown.places.set(name, this.length);
    grown.steps.push({ ...step, reads: [...new Set(step.reads)] });
    return new StepList(grown.steps, grown.places, this.length + 1);
  }

  #whole(): { steps: Step[]; places: Map<string, number> } {
    return { steps: this.#shared, places: this.#places };
  }
}

/** Throws `InvalidPlan` for more steps than a plan may have. */
export function checkCount(count: number, maxSteps = MAX_STEPS): void {
  if (count <= maxSteps) return;
  throw new InvalidPlan(`A plan has ${maxSteps} steps at most, this one has ${count}`);
}

function copyOf(steps: Step[]): { steps: Step[]; places: Map<string, number> } {
  return { steps, places: new Map(steps.map(({ name }, place) => [name, place])) };
}
