import type { OperationStore } from '../store/operation-store.ts';
import type { RunChanges } from '../store/run-changes.ts';

/** What a store is asked for; a `record` by the most that it says. */
export type StoreCall =
  | Exclude<keyof OperationStore, 'record'>
  | 'record step start'
  | 'record step outcome'
  | 'record event'
  | 'record metadata'
  | 'record result';

/** A place in the life of a call: before the store hears of it, or after its commit and before its caller hears. */
export type StorePoint = `${'before' | 'after'} ${StoreCall}`;

/** What a record is for: the first that applies of the end, a step's outcome, a step's start, an event. */
export function recordCall({ end, steps = [], events = [] }: RunChanges): StoreCall {
  if (end) return 'record result';
  if (steps.some(({ value, error }) => value !== undefined || error !== undefined)) {
    return 'record step outcome';
  }
  if (steps.length > 0) return 'record step start';
  return events.length > 0 ? 'record event' : 'record metadata';
}
