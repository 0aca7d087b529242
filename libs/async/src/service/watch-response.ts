import { OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import type { WatchOperationResponse } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { LifecycleKind, type OperationEvent } from '../operation/operation-event.ts';

/** What the engine's kinds are in the contract; all that is not here is progress. */
const kinds = new Map<unknown, OperationEventKind>([
  [LifecycleKind.ACCEPTED, OperationEventKind.OPERATION_EVENT_KIND_ACCEPTED],
  [LifecycleKind.RESUMED, OperationEventKind.OPERATION_EVENT_KIND_ATTEMPT_STARTED],
  [LifecycleKind.SUCCEEDED, OperationEventKind.OPERATION_EVENT_KIND_SUCCEEDED],
  [LifecycleKind.FAILED, OperationEventKind.OPERATION_EVENT_KIND_FAILED],
  [LifecycleKind.CANCELLED, OperationEventKind.OPERATION_EVENT_KIND_CANCELLED],
]);

/** An event as `WatchOperation` has it. */
export function watchResponse(event: OperationEvent): WatchOperationResponse {
  const { sequence, kind, time, description, attempt, payload, error } = event;
  return {
    event: {
      sequence: BigInt(sequence),
      kind: kinds.get(kind) ?? OperationEventKind.OPERATION_EVENT_KIND_PROGRESS,
      ...{ time, description, attempt, payload, error },
    },
    kindName: String(kind),
  };
}
