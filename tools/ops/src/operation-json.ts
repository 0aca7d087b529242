import type { WatchedEvent } from '@trivium/async';
import type { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { kindText, stateText } from './operation-text.ts';

/** An operation for programs: its state is a word. */
export function operationJson(operation: OperationDescription): object {
  return { ...operation, state: stateText(operation.state) };
}

/** An event for programs: its kind is the word of the log, or the number of its contract's enum. */
export function watchedJson({ kindName, ...event }: WatchedEvent): object {
  return { ...event, kind: kindText({ kind: event.kind, kindName }), kindName };
}
