import {
  OperationDescription,
  OperationState,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { Code } from '@trivium/rpc';
import type { OperationRecord } from '../operation/operation-record.ts';
import type { StoredStep } from '../store/stored.ts';

/** What an operation waits for, for a person, and since when. */
export interface Waiting {
  readonly description: string;
  readonly since: Date;
}

/** An operation as it is now, as the contract has it. */
export function describeOperation(
  record: OperationRecord,
  waiting: Waiting | undefined,
): OperationDescription {
  const { name, kind, requestId, attempt, createTime, endTime, deadline, lastSequence } = record;
  const { traceparent = '', owner = '', metadata, result } = record;
  return OperationDescription.fromPartial({
    ...{ name, kind, requestId, attempt, createTime, endTime, traceparent, owner },
    state: stateOf(record),
    waitingFor: waiting?.description ?? '',
    waitingSinceTime: waiting?.since,
    deadlineTime: deadline,
    lastSequence: BigInt(lastSequence),
    detail: metadata,
    error: result?.$case === 'error' ? result.value : undefined,
  });
}

/** What an operation waits for, as far as the store knows: what another process notes as it goes on. */
export function storedWaiting(
  record: OperationRecord,
  steps: readonly StoredStep[],
): Waiting | undefined {
  if (record.result) return undefined;
  const open = steps.find(({ value, error }) => value === undefined && error === undefined);
  const since = open ? new Date(open.startTimeMs) : record.createTime;
  if (!record.owner) return { description: 'a process that takes it on', since };
  return open && { description: open.description ?? open.id, since };
}

function stateOf({ result, owner, cancelRequested }: OperationRecord): OperationState {
  if (result?.$case === 'response') return OperationState.OPERATION_STATE_SUCCEEDED;
  if (result) {
    const wasCancelled = cancelRequested && result.value.code === Code.CANCELLED;
    return wasCancelled
      ? OperationState.OPERATION_STATE_CANCELLED
      : OperationState.OPERATION_STATE_FAILED;
  }
  if (cancelRequested) return OperationState.OPERATION_STATE_CANCELLING;
  return owner ? OperationState.OPERATION_STATE_RUNNING : OperationState.OPERATION_STATE_PENDING;
}
