// For owners of operations.
export { createOperations } from './engine/create-operations.ts';
export type { OperationsOptions } from './engine/create-operations.ts';
export type { OperationPage, Operations, StartOptions } from './engine/operations.ts';
export type { ListOptions } from './service/list-page.ts';
export type {
  Call,
  RunningOperation,
  Step,
  StepCallOptions,
  StepOptions,
  StepRun,
  StepType,
  StreamCall,
  Undo,
  Work,
} from './engine/running-operation.ts';
export { startAndWait } from './engine/start-and-wait.ts';
export { durable } from './engine/durable.ts';
export type { PlanTask, RecordedTask } from './engine/durable.ts';
export { mayHaveHappened } from './engine/may-have-happened.ts';
export type { AroundAttempt, Attempt } from './engine/runs.ts';
export { LifecycleKind } from './operation/operation-event.ts';
export type { NewEvent, OperationEvent } from './operation/operation-event.ts';
export type { OperationRecord, OperationResult } from './operation/operation-record.ts';
export { openOperationStore } from './store/sqlite/open-operation-store.ts';
export type { OperationStoreOptions } from './store/sqlite/open-operation-store.ts';

// For their services.
export { operationServices } from './service/operation-services.ts';
export { operationsService } from './service/operations-service.ts';
export { createEventStream } from './service/event-stream.ts';
export type { EventStream, EventStreamOptions } from './service/event-stream.ts';
export { watchOperation } from './service/watch-operation.ts';
export type { OperationEvents } from './engine/event-reader.ts';
export { operationName, toOperation } from './operation/operation-record.ts';

// For stores, and what stands around them.
export type {
  Acceptance,
  Claim,
  ClaimedOperation,
  EventPage,
  OperationStore,
  Recorded,
  Renewal,
} from './store/operation-store.ts';
export type { Lease, RunChanges, StepChange, StoredEnd } from './store/run-changes.ts';
export type {
  NewOperation,
  NewStoredEvent,
  OperationFilter,
  StoredEvent,
  StoredOperation,
  StoredStep,
} from './store/stored.ts';
export { LeaseLost, StoreDamaged, StoreUnavailable } from './store/store-errors.ts';

// For their callers.
export { createOperationsClient } from './client/operations-client.ts';
export type {
  ListRequest,
  OperationsClient,
  OperationsClients,
  WatchedEvent,
  WatchOptions,
} from './client/operations-client.ts';
export type { AskOptions, OperationHandle, ResultOptions } from './client/operation-handle.ts';
export { resumable } from './client/resumable.ts';
export type { LostConnection, ReconnectOptions, ResumableOptions } from './client/resumable.ts';
