import type { BoundService } from '@trivium/rpc';
import type { Operations } from '../engine/operations.ts';
import { operationLogService } from './operation-log-service.ts';
import { operationsService } from './operations-service.ts';

/**
 * All that a host serves of an engine: `google.longrunning.Operations`, complete (AIP-151), and
 * beside it `trivium.operations.v1.OperationLog`, which tells an operation's history.
 */
export function operationServices(operations: Operations): BoundService[] {
  return [operationsService(operations), operationLogService(operations)];
}
