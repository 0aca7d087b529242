import { Any } from '@trivium/contracts/google/protobuf/any';
import { Status } from '@trivium/contracts/google/rpc/status';
import { StoreDamaged } from '../store/store-errors.ts';
import type { StoredEvent, StoredOperation } from '../store/stored.ts';
import type { OperationEvent } from './operation-event.ts';
import { operationName } from './operation-record.ts';
import type { OperationRecord, OperationResult } from './operation-record.ts';

/** The operation that is kept so. */
export function toRecord(stored: StoredOperation): OperationRecord {
  const { metadata, deadlineMs, createTimeMs, endTimeMs } = stored;
  return {
    name: operationName(stored.id),
    id: stored.id,
    kind: stored.kind,
    requestId: stored.requestId,
    request: stored.request,
    attempt: stored.attempt,
    cancelRequested: stored.cancelRequested,
    lastSequence: stored.lastSequence,
    metadata: metadata && decode(Any, metadata),
    deadline: deadlineMs === undefined ? undefined : new Date(deadlineMs),
    traceparent: stored.traceparent,
    owner: stored.owner,
    createTime: new Date(createTimeMs),
    endTime: endTimeMs === undefined ? undefined : new Date(endTimeMs),
    result: toResult(stored),
  };
}

/** The event that is kept so. */
export function toEvent(stored: StoredEvent): OperationEvent {
  const { sequence, kind, timeMs, description, attempt, payload, error, last } = stored;
  return {
    ...{ sequence, kind, description, attempt, last },
    time: new Date(timeMs),
    payload: payload && decode(Any, payload),
    error: error && toStatus(error),
  };
}

/** The status that is kept so. */
export function toStatus(bytes: Uint8Array): Status {
  return decode(Status, bytes);
}

/** An `Any` as it is kept. */
export function encodeAny(any: Any): Uint8Array {
  return Any.encode(any).finish();
}

/** A `Status` as it is kept. */
export function encodeStatus(status: Status): Uint8Array {
  return Status.encode(status).finish();
}

function toResult({ response, error }: StoredOperation): OperationResult | undefined {
  if (response) return { $case: 'response', value: decode(Any, response) };
  if (error) return { $case: 'error', value: toStatus(error) };
  return undefined;
}

function decode<T>(type: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch (cause) {
    throw new StoreDamaged('The store is damaged: a message cannot be decoded', { cause });
  }
}
