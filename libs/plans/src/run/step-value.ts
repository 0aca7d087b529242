import type { CelValue } from '@bufbuild/cel';
import type { JsonValue } from '@bufbuild/protobuf';
import type { ElementOutcome, Outcome } from '@trivium/parallel';

/**
 * What a call of a plan gives, as plain JSON: a durable run keeps it, and returns it instead of
 * calling again.
 */
export interface StepValue {
  /** The reply as canonical protobuf JSON. */
  readonly response: JsonValue;
  /** The calls that were made, hedges and retries included. */
  readonly attempts: number;
}

/** An element of a `for_each`: its place in the list, and its value. */
export interface Element {
  readonly index: number;
  readonly value: CelValue;
}

/** How a step's result reaches its readers: its value, its elements' values, or why it is missing. */
export type Arriving =
  | StepValue
  | readonly StepValue[]
  | readonly ElementOutcome<Element, StepValue>[]
  | Outcome<StepValue | readonly (StepValue | ElementOutcome<Element, StepValue>)[]>;

/** The replies in a result: one, a list without the elements that are missing, or null for none. */
export function responseOf(arriving: unknown): JsonValue {
  if (Array.isArray(arriving)) return arriving.flatMap((element) => elementResponse(element));
  const one = arriving as Outcome<unknown> | StepValue | undefined;
  if (!one) return null;
  if ('ok' in one) return one.ok ? responseOf(one.value) : null;
  return one.response;
}

function elementResponse(element: StepValue | ElementOutcome<Element, StepValue>): JsonValue[] {
  if (!('outcome' in element)) return [element.response];
  return element.outcome.ok ? [element.outcome.value.response] : [];
}
