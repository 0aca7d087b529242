// For owners of operations.
export { createOperations } from './create-operations.ts';
export type { OperationsOptions } from './create-operations.ts';
export type { OperationPage, Operations, StartOptions } from './operations.ts';
export type { ListOptions } from './list-page.ts';
export type { RunningOperation, Step, StepType, Work } from './running-operation.ts';
export { LifecycleKind } from './operation-event.ts';
export type { NewEvent, OperationEvent } from './operation-event.ts';
export type { OperationRecord, OperationResult } from './operation-record.ts';
export { operationMigrations } from './operation-migrations.ts';

// For their services.
export { operationsService } from './operations-service.ts';
export { watchOperation } from './watch-operation.ts';
export { operationName, toOperation } from './operation-record.ts';
