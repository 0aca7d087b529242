import { LifecycleKind, type OperationEvent as EngineEvent } from '@trivium/async';
import {
  OperationEventKind as Kind,
  type OperationEvent,
} from '@trivium/contracts/trivium/calls/v1/calls';

/** What the engine's kinds are in the contract; what is not here is progress. */
const kinds = new Map<string | number, Kind>([
  [LifecycleKind.ACCEPTED, Kind.OPERATION_EVENT_KIND_ACCEPTED],
  [LifecycleKind.RESUMED, Kind.OPERATION_EVENT_KIND_ATTEMPT_STARTED],
  [LifecycleKind.STEP_STARTED, Kind.OPERATION_EVENT_KIND_ATTEMPT_STARTED],
  [LifecycleKind.STEP_REPEATED, Kind.OPERATION_EVENT_KIND_ATTEMPT_STARTED],
  [LifecycleKind.OUTCOME_UNKNOWN, Kind.OPERATION_EVENT_KIND_ATTEMPT_FAILED],
  [LifecycleKind.SUCCEEDED, Kind.OPERATION_EVENT_KIND_SUCCEEDED],
  [LifecycleKind.FAILED, Kind.OPERATION_EVENT_KIND_FAILED],
  [LifecycleKind.CANCELLED, Kind.OPERATION_EVENT_KIND_CANCELLED],
]);

/** An event of the engine as the contract has it. */
export function operationEvent(event: EngineEvent): OperationEvent {
  const { sequence, kind, time, description, attempt, payload, error } = event;
  return {
    sequence: BigInt(sequence),
    kind: kinds.get(kind) ?? Kind.OPERATION_EVENT_KIND_PROGRESS,
    ...{ time, description, attempt, payload, error },
  };
}
