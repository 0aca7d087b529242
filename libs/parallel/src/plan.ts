import type { ReservedName } from './check-step.ts';
import { StepList } from './step-list.ts';
import type {
  Condition,
  EachOptions,
  ElementOutcome,
  Step,
  StepContext,
  StepOptions,
  StepReads,
  StepTypes,
} from './step.ts';

type FreeName<Name extends string, Steps> = Name extends keyof Steps | ReservedName ? never : Name;

type With<
  Steps extends StepTypes,
  Name extends string,
  Value,
  Optional extends boolean,
  Skippable extends boolean,
> = Steps &
  Record<
    Name,
    { readonly value: Value; readonly optional: Optional; readonly skippable: Skippable }
  >;

type StepFunction<Input, Steps extends StepTypes, Read extends keyof Steps, T> = (
  context: StepContext<Input, Steps, Read>,
) => T | PromiseLike<T>;

/**
 * A condition of one's own, or a required result that a condition may leave out. Without a condition
 * `When` is all that it may be, undefined too.
 */
type SkippableBy<Steps extends StepTypes, Read extends keyof Steps, When> = undefined extends When
  ? true extends { [Name in Read]: SkipsReaders<Steps[Name]> }[Read]
    ? true
    : false
  : true;

type SkipsReaders<Type> = Type extends { readonly optional: false; readonly skippable: true }
  ? true
  : false;

/** What readers of an `each` step receive: an outcome per element or, if none may fail, a value. */
type Elements<Item, T, OptionalItems> = OptionalItems extends false
  ? T[]
  : ElementOutcome<Item, T>[];

/**
 * Steps and what each reads of the earlier ones: a description, which `run` may run any number of
 * times. Adding a step returns a new plan, so that plans can share a beginning. A step can read
 * earlier steps only, so there are no cycles. Throws `InvalidPlan` for a name that is taken,
 * reserved (`input`, `signal`, `budgetMs`) or unknown, for options out of range, and for the step
 * after the 10,000th.
 */
export class Plan<Input, Steps extends StepTypes> {
  readonly #list: StepList;
  #steps: readonly Step[] | undefined;

  constructor(list: StepList) {
    this.#list = list;
  }

  /** The description as data, each step after all that it reads. */
  get steps(): readonly Step[] {
    return (this.#steps ??= this.#list.toArray());
  }

  /** Adds a step that calls `call` once, as soon as everything that it `reads` is there. */
  step<
    Name extends string,
    T,
    When extends Condition<{ readonly input: Input }> | undefined,
    Optional extends boolean = false,
  >(
    name: FreeName<Name, Steps>,
    call: StepFunction<Input, Steps, never, T>,
    options?: StepOptions<{ readonly input: Input }, T, Optional> & {
      readonly when?: When;
    },
  ): Plan<Input, With<Steps, Name, T, Optional, SkippableBy<Steps, never, When>>>;
  step<
    Name extends string,
    Read extends keyof Steps & string,
    T,
    When extends Condition<StepReads<Input, Steps, Read>> | undefined,
    Optional extends boolean = false,
  >(
    name: FreeName<Name, Steps>,
    reads: readonly Read[],
    call: StepFunction<Input, Steps, Read, T>,
    options?: StepOptions<StepReads<Input, Steps, Read>, T, Optional> & {
      /** What has to hold for the step to be taken; if it does not, the step is skipped. */
      readonly when?: When;
    },
  ): Plan<Input, With<Steps, Name, T, Optional, SkippableBy<Steps, Read, When>>>;
  step(name: string, ...rest: readonly unknown[]): unknown {
    const [reads, call, options] = Array.isArray(rest[0]) ? rest : [[], ...rest];
    return this.#with({ ...(options as object), kind: 'call', name, reads, call } as Step);
  }

  /**
   * Adds a step that calls `call` once per element of the list that `items` makes. Every element
   * is a step of its own in the trace, named `name[key]`, and fails alone: the result has one
   * `{ key, item, outcome }` per element, in the order of the list. The step itself fails only if
   * `items` or `key` throws, if two elements have the same key or, without `optionalItems`, with the
   * first element that fails.
   */
  each<
    Name extends string,
    Read extends keyof Steps & string,
    Item,
    T,
    When extends Condition<StepReads<Input, Steps, Read>> | undefined,
    Optional extends boolean = false,
    OptionalItems extends boolean = true,
  >(
    name: FreeName<Name, Steps>,
    reads: readonly Read[],
    items: (reads: StepReads<Input, Steps, Read>) => readonly Item[],
    call: (item: Item, context: StepContext<Input, Steps, Read>) => T | PromiseLike<T>,
    options: EachOptions<Item, StepReads<Input, Steps, Read>, T, Optional, OptionalItems> & {
      /** What has to hold for the step to be taken; if it does not, the step is skipped. */
      readonly when?: When;
    },
  ): Plan<
    Input,
    With<Steps, Name, Elements<Item, T, OptionalItems>, Optional, SkippableBy<Steps, Read, When>>
  >;
  each(
    name: string,
    reads: readonly string[],
    items: unknown,
    call: unknown,
    options: object | undefined,
  ): unknown {
    return this.#with({ ...options, kind: 'each', name, reads, items, call } as unknown as Step);
  }

  #with(step: Step): unknown {
    return new Plan(this.#list.with(step));
  }
}

/** Starts the description of a plan whose input is of type `Input`. */
export function plan<Input>(): Plan<Input, Record<never, never>> {
  return new Plan(new StepList());
}
