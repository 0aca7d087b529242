import type { Outcome } from './outcome.ts';

/** What the type system knows of a step: what it returns, and whether it may fail alone. */
export interface StepType {
  readonly value: unknown;
  readonly optional: boolean;
}

/** The steps of a plan by name, as types. */
export type StepTypes = Record<string, StepType>;

/** How a result reaches its readers: a required step's as its value, an optional one's as `Outcome`. */
export type Arriving<Value, Optional> = Optional extends true ? Outcome<Value> : Value;

/** The plan's input and exactly the results that a step names. */
export type StepReads<Input, Steps extends StepTypes, Read extends keyof Steps> = {
  readonly input: Input;
} & { readonly [Name in Read]: Arriving<Steps[Name]['value'], Steps[Name]['optional']> };

/** What a step's function receives: what it reads, and a signal that says when to stop. */
export type StepContext<Input, Steps extends StepTypes, Read extends keyof Steps> = StepReads<
  Input,
  Steps,
  Read
> & { readonly signal: AbortSignal };

/** How one step is run. */
export interface StepOptions<Optional extends boolean = boolean> {
  /** Its failure is handed to its readers and never fails the plan. Default: false. */
  readonly optional?: Optional;
  /** Time for the call, from its start. Default: none but the plan's deadline. */
  readonly timeoutMs?: number;
}

/** How a step that calls once per element is run. */
export interface EachOptions<Item> {
  /** Names an element in the trace (`rates[ups]`) and in the result; unique within the list. */
  readonly key: (item: Item) => string;
  /** Time for each element's call, from its own start. Default: none but the plan's deadline. */
  readonly timeoutMs?: number;
  /** Elements in flight at once, a whole number from 1. Default: no limit but `maxInFlight`. */
  readonly limit?: number;
}

/** One element of an `each` step, and what became of its call. */
export interface ElementOutcome<Item, T> {
  readonly key: string;
  readonly item: Item;
  readonly outcome: Outcome<T>;
}

interface StepBase {
  readonly name: string;
  /** The earlier steps whose results it receives, each once. */
  readonly reads: readonly string[];
  readonly optional: boolean;
  readonly timeoutMs?: number;
}

/** What a step's function is given when types no longer matter: `input`, results by name, `signal`. */
export type Context = Readonly<Record<string, unknown>>;

/** The description of a step that makes one call. */
export interface CallStep extends StepBase {
  readonly kind: 'call';
  readonly call: (context: Context) => unknown;
}

/** The description of a step that makes one call per element of a list. */
export interface EachStep extends StepBase {
  readonly kind: 'each';
  readonly items: (reads: Context) => readonly unknown[];
  readonly call: (item: unknown, context: Context) => unknown;
  readonly key: (item: unknown) => string;
  readonly limit: number;
}

/** One step of a plan, as data. */
export type Step = CallStep | EachStep;
