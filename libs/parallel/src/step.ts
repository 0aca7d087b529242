import type { HedgeOptions } from './hedge-options.ts';
import type { Outcome } from './outcome.ts';
import type { RetryOptions } from './retry-options.ts';

/** What the type system knows of a step. */
export interface StepType {
  /** What it returns. */
  readonly value: unknown;
  /** Whether it may fail alone. */
  readonly optional: boolean;
  /** Whether a condition, its own or one of what it reads, may skip it. */
  readonly skippable: boolean;
}

/** The steps of a plan by name, as types. */
export type StepTypes = Record<string, StepType>;

/** How a result reaches its readers: a required step's as its value, an optional one's as `Outcome`. */
export type Arriving<Value, Optional> = Optional extends true ? Outcome<Value> : Value;

/** The plan's input and exactly the results that a step names. */
export type StepReads<Input, Steps extends StepTypes, Read extends keyof Steps> = {
  readonly input: Input;
} & { readonly [Name in Read]: Arriving<Steps[Name]['value'], Steps[Name]['optional']> };

/** What every call receives beside the results that its step names. */
export interface CallContext {
  /** Aborted when the call should stop: on its timeout, at the deadline, with the run. */
  readonly signal: AbortSignal;
  /**
   * The milliseconds that the step has: what is left until the plan's deadline, less the longest
   * path of estimates behind the step. `Infinity` without a deadline, never below 0.
   */
  readonly budgetMs: number;
}

/** What a step's function receives: what it reads, when to stop, and how long it has. */
export type StepContext<Input, Steps extends StepTypes, Read extends keyof Steps> = StepReads<
  Input,
  Steps,
  Read
> &
  CallContext;

/** What an undo receives beside what was undone: what the step read, and when to stop. */
export type UndoContext<Reads> = Reads & { readonly signal: AbortSignal };

/** How the calls of a step, or of each of its elements, are made. */
export interface CallOptions {
  /**
   * Time for a call, from its start, with its repetitions and the pauses between them. Default: none
   * but the plan's deadline.
   */
  readonly timeoutMs?: number;
  /** How long it usually takes; what runs before it leaves it that much of a deadline. Default: 0. */
  readonly estimateMs?: number;
  /** Calls again what failed. Default: never. */
  readonly retry?: RetryOptions;
  /** Calls a second time beside a call that is slow. Default: never. */
  readonly hedge?: HedgeOptions;
  /**
   * Whether what failed with this reason may have taken effect all the same, so that `undoUnknown` has
   * to take it back. Default: yes, whatever the reason.
   */
  readonly mayHaveHappened?: (reason: unknown) => boolean;
}

/** How one step is run. */
export interface StepOptions<
  Reads = Context,
  Value = unknown,
  Optional extends boolean = boolean,
> extends CallOptions {
  /** Its failure is handed to its readers and never fails the plan. Default: false. */
  readonly optional?: Optional;
  /** What it calls, by name: calls of one target share the limit of the target. Default: none. */
  readonly target?: string;
  /**
   * Takes back what the step did, when the plan fails after it. Default: nothing to take back. It is
   * given the value that the step returned.
   */
  readonly undo?: (value: Value, context: UndoContext<Reads>) => unknown;
  /**
   * Takes back what the step may have done although it failed, or was stopped: it is given the
   * reason. Default: a step without a value has done nothing.
   */
  readonly undoUnknown?: (reason: unknown, context: UndoContext<Reads>) => unknown;
}

/** A condition over what a step reads: false skips the step. It decides by its argument alone. */
export type Condition<Reads> = (reads: Reads) => boolean;

/** How a step that calls once per element is run. */
export interface EachOptions<
  Item,
  Reads = Context,
  Value = unknown,
  Optional extends boolean = boolean,
  OptionalItems extends boolean = boolean,
> extends CallOptions {
  /** Names an element in the trace (`rates[ups]`) and in the result; unique within the list. */
  readonly key: (item: Item) => string;
  /** Elements in flight at once, a whole number from 1. Default: no limit but the run's. */
  readonly limit?: number;
  /** The step's failure is handed to its readers and never fails the plan. Default: false. */
  readonly optional?: Optional;
  /**
   * Whether an element may fail alone. If not, the first that fails stops the others and fails the
   * step, and readers receive a list of values instead of outcomes. Default: true.
   */
  readonly optionalItems?: OptionalItems;
  /** What an element's call calls, by name, or how an element tells it. Default: none. */
  readonly target?: string | ((item: Item) => string);
  /** Takes back what one element did, when the plan fails after it. */
  readonly undo?: (value: Value, item: Item, context: UndoContext<Reads>) => unknown;
  /** Takes back what one element may have done although it failed, or was stopped. */
  readonly undoUnknown?: (reason: unknown, item: Item, context: UndoContext<Reads>) => unknown;
}

/** One element of an `each` step, and what became of its call. */
export interface ElementOutcome<Item, T> {
  readonly key: string;
  readonly item: Item;
  readonly outcome: Outcome<T>;
}

/** What a step's function is given when types no longer matter: `input`, results by name, `signal`. */
export type Context = Readonly<Record<string, unknown>>;

interface StepBase extends CallOptions {
  readonly name: string;
  /** The steps whose results it receives, each once. Default: none. */
  readonly reads?: readonly string[];
  /** Its failure is handed to its readers and never fails the plan. Default: false. */
  readonly optional?: boolean;
  readonly when?: Condition<Context>;
}

/** The description of a step that makes one call. */
export interface CallStep extends StepBase {
  readonly kind?: 'call';
  readonly call: (context: Context & CallContext) => unknown;
  readonly target?: string;
  readonly undo?: (value: unknown, context: UndoContext<Context>) => unknown;
  readonly undoUnknown?: (reason: unknown, context: UndoContext<Context>) => unknown;
}

/** The description of a step that makes one call per element of a list. */
export interface EachStep extends StepBase {
  readonly kind: 'each';
  readonly items: (reads: Context) => readonly unknown[];
  readonly call: (item: unknown, context: Context & CallContext) => unknown;
  readonly key: (item: unknown) => string;
  readonly limit?: number;
  readonly optionalItems?: boolean;
  readonly target?: string | ((item: unknown) => string);
  readonly undo?: (value: unknown, item: unknown, context: UndoContext<Context>) => unknown;
  readonly undoUnknown?: (reason: unknown, item: unknown, context: UndoContext<Context>) => unknown;
}

/** One step of a plan, as data. */
export type Step = CallStep | EachStep;
