import type { Status } from '@trivium/contracts/google/rpc/status';
import { OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  type OperationDescription,
  OperationState,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import type { WatchedEvent } from '@trivium/async';
import { codeName } from '@trivium/rpc';

const states = namesOf(OperationState, 'OPERATION_STATE_');
const kinds = namesOf(OperationEventKind, 'OPERATION_EVENT_KIND_');

/** The state of an operation in one word, such as `RUNNING`. */
export function stateText(state: OperationState): string {
  return states.get(state) ?? `STATE ${state}`;
}

/** What kind of event it is, in the words of the log; work that counts its kinds tells `PROGRESS`. */
export function kindText({ kind, kindName }: Pick<WatchedEvent, 'kind' | 'kindName'>): string {
  return /^(-?\d+)?$/.test(kindName) ? (kinds.get(kind) ?? `KIND ${kind}`) : kindName;
}

/** Why something failed, in one line. */
export function statusText({ code, message }: Status): string {
  return message ? `${codeName(code)}: ${message}` : codeName(code);
}

/** What an operation waits for now, or how it ended if that was not well. */
export function situationText({ waitingFor, error }: OperationDescription): string {
  return error ? statusText(error) : waitingFor;
}

function namesOf<T extends Record<string, number>>(values: T, prefix: string): Map<number, string> {
  return new Map(
    Object.entries(values).map(([name, value]) => [value, name.replace(prefix, '')] as const),
  );
}
