import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code } from '@trivium/rpc';
import { encodeAny, encodeStatus } from '../operation/from-stored.ts';
import { LifecycleKind } from '../operation/operation-event.ts';
import type { NewEvent } from '../operation/operation-event.ts';
import type { OperationRecord, OperationResult } from '../operation/operation-record.ts';
import type { Recorded } from '../store/operation-store.ts';
import type { RunChanges } from '../store/run-changes.ts';
import type { NewStoredEvent } from '../store/stored.ts';

/** An event of an attempt as it is kept. */
export function toStoredEvent(event: NewEvent, attempt: number): NewStoredEvent {
  const { kind, description, payload, error } = event;
  return {
    ...{ kind, description, attempt },
    ...(payload && { payload: encodeAny(payload) }),
    ...(error && { error: encodeStatus(error) }),
  };
}

/** The last change of an operation. */
export function lastChanges(
  result: OperationResult,
  { isCancelled }: { isCancelled: boolean },
): RunChanges {
  if (result.$case === 'response') {
    const response = encodeAny(result.value);
    return { end: { kind: LifecycleKind.SUCCEEDED, description: 'Succeeded', response } };
  }
  const { code, message: description } = result.value;
  const error = encodeStatus(result.value);
  const wasCancelled = isCancelled && code === Code.CANCELLED;
  const kind = wasCancelled ? LifecycleKind.CANCELLED : LifecycleKind.FAILED;
  return { end: { kind, description, error } };
}

/** How a run ended. */
export interface RunEnd {
  readonly result: OperationResult;
  readonly isCancelled: boolean;
  readonly recorded: Recorded;
}

/** The operation as it ended, with the metadata that its run recorded last. */
export function endedRecord(
  before: OperationRecord,
  { result, isCancelled, recorded, metadata }: RunEnd & { metadata: Uint8Array | undefined },
): OperationRecord {
  return {
    ...before,
    ...{ result, lastSequence: recorded.lastSequence, endTime: new Date(recorded.timeMs) },
    owner: undefined,
    ...(metadata && { metadata: Any.decode(metadata) }),
    cancelRequested: before.cancelRequested || isCancelled,
  };
}
