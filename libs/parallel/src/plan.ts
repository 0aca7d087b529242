import type {
  EachOptions,
  ElementOutcome,
  Step,
  StepContext,
  StepOptions,
  StepReads,
  StepTypes,
} from './step.ts';
import { checkStep } from './check-step.ts';

type FreeName<Name extends string, Steps> = Name extends keyof Steps | 'input' | 'signal'
  ? never
  : Name;

type With<Steps extends StepTypes, Name extends string, Value, Optional extends boolean> = Steps &
  Record<Name, { readonly value: Value; readonly optional: Optional }>;

type StepFunction<Input, Steps extends StepTypes, Read extends keyof Steps, T> = (
  context: StepContext<Input, Steps, Read>,
) => T | PromiseLike<T>;

/**
 * Steps and what each reads of the earlier ones: a description, which `run` may run any number of
 * times. Adding a step returns a new plan, so that plans can share a beginning. A step can read
 * earlier steps only, so there are no cycles. Throws `InvalidPlan` for a name that is taken,
 * reserved (`input`, `signal`) or unknown, and for options out of range.
 */
export class Plan<Input, Steps extends StepTypes> {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  /** Adds a step that calls `call` once, as soon as everything that it `reads` is there. */
  step<Name extends string, T, Optional extends boolean = false>(
    name: FreeName<Name, Steps>,
    call: StepFunction<Input, Steps, never, T>,
    options?: StepOptions<Optional>,
  ): Plan<Input, With<Steps, Name, T, Optional>>;
  step<Name extends string, Read extends keyof Steps & string, T, Optional extends boolean = false>(
    name: FreeName<Name, Steps>,
    reads: readonly Read[],
    call: StepFunction<Input, Steps, Read, T>,
    options?: StepOptions<Optional>,
  ): Plan<Input, With<Steps, Name, T, Optional>>;
  step(name: string, ...rest: readonly unknown[]): unknown {
    const [reads, call, options] = Array.isArray(rest[0]) ? rest : [[], ...rest];
    const { optional = false, timeoutMs } = (options ?? {}) as StepOptions;
    return this.#with({ kind: 'call', name, reads, call, optional, timeoutMs } as Step);
  }

  /**
   * Adds a step that calls `call` once per element of the list that `items` makes. Every element
   * is a step of its own in the trace, named `name[key]`, and fails alone: the result has one
   * `{ key, item, outcome }` per element, in the order of the list. The step itself fails only if
   * `items` or `key` throws, or if two elements have the same key.
   */
  each<Name extends string, Read extends keyof Steps & string, Item, T>(
    name: FreeName<Name, Steps>,
    reads: readonly Read[],
    items: (reads: StepReads<Input, Steps, Read>) => readonly Item[],
    call: (item: Item, context: StepContext<Input, Steps, Read>) => T | PromiseLike<T>,
    options: EachOptions<Item>,
  ): Plan<Input, With<Steps, Name, ElementOutcome<Item, T>[], false>>;
  each(
    name: string,
    reads: readonly string[],
    items: unknown,
    call: unknown,
    options: Partial<EachOptions<never>> | undefined,
  ): unknown {
    const { key, timeoutMs, limit = Infinity } = options ?? {};
    const optional = false;
    const work = { items, call, key, limit };
    return this.#with({ kind: 'each', name, reads, optional, timeoutMs, ...work } as Step);
  }

  #with(step: Step): unknown {
    checkStep(step, this.steps);
    return new Plan([...this.steps, { ...step, reads: [...new Set(step.reads)] }]);
  }
}

/** Starts the description of a plan whose input is of type `Input`. */
export function plan<Input>(): Plan<Input, Record<never, never>> {
  return new Plan([]);
}
